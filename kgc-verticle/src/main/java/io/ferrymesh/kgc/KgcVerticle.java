package io.ferrymesh.kgc;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.KgcServices;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.scheme.Digest;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key centre on the mesh. Its own state lives in memory and is guarded by {@link KgcRegistry}; curve work is done on a
 * pool of its own. The keys are closed when it stops.
 */
public final class KgcVerticle extends VerticleBase {

    /** Longest request looked at, in bytes. */
    static final int MAX_REQUEST_BYTES = 2_048;

    private static final Logger LOG = LoggerFactory.getLogger(KgcVerticle.class);
    private static final int WORKERS = 2;

    private final Mesh mesh;
    private final KgcKeys keys;
    private final KgcOptions options;
    private final Clock clock;
    private final Announcements announcements;
    private final Issuance issuance;
    private final ReplyCache replies;
    private final Kgc kgc;
    private @Nullable WorkerExecutor workers;

    /** A key centre with these keys; starts when it is deployed on the mesh's Vert.x. */
    public KgcVerticle(Mesh mesh, KgcKeys keys, KgcOptions options, Clock clock, SecureRandom random) {
        this.mesh = mesh;
        this.keys = keys;
        this.options = options;
        this.clock = clock;
        KgcRegistry registry = new KgcRegistry(options, keys.trace(), clock.instant());
        this.announcements = new Announcements(keys, options, registry, clock, random);
        this.issuance = new Issuance(keys, registry, announcements, clock, random);
        this.replies = new ReplyCache(options.maxConcurrentRequests(), ReplyCache.MAX_BYTES);
        this.kgc = new Kgc(keys, registry, announcements, clock, random);
    }

    /** What its operator can do, from any thread. */
    public Kgc kgc() {
        return kgc;
    }

    @Override
    public Future<?> start() {
        WorkerExecutor pool = vertx.createSharedWorkerExecutor("ferrymesh-kgc", WORKERS);
        workers = pool;
        return sign(pool)
                .compose(signed -> serve(pool))
                .onSuccess(served -> LOG.info(
                        "key centre {} is up", keys.master().publicKey().fingerprint()));
    }

    /** All from this verticle's own context, on which the handlers then run. */
    private Future<?> serve(WorkerExecutor pool) {
        vertx.setPeriodic(options.resignMs(), timer -> signAgain(pool));
        return Future.all(
                mesh.serve(
                        KgcServices.PARAMETERS,
                        (from, request) -> announced(request, announcements.signedParameters())),
                mesh.serve(
                        KgcServices.REVOCATIONS,
                        (from, request) -> announced(request, announcements.signedRevocations())),
                mesh.serve(KgcServices.ISSUE, (from, request) -> issue(pool, from, request)));
    }

    @Override
    public Future<?> stop() {
        WorkerExecutor pool = workers;
        Future<Void> closed = pool == null ? Future.succeededFuture() : pool.close();
        return closed.onComplete(done -> {
            announcements.close();
            keys.close();
        });
    }

    private Future<Void> sign(WorkerExecutor pool) {
        return pool.executeBlocking(() -> {
                    announcements.refresh();
                    return true;
                })
                .mapEmpty();
    }

    private void signAgain(WorkerExecutor pool) {
        sign(pool).onFailure(e -> LOG.error("parameters and revocation list could not be signed anew", e));
    }

    private static Future<Buffer> announced(Buffer request, Buffer announcement) {
        return request.length() == 0
                ? Future.succeededFuture(announcement)
                : Future.failedFuture(new MeshException(ErrorCode.INVALID_MESSAGE, "this request has no content"));
    }

    /** Event loop; the size is checked before anything is hashed or copied. */
    private Future<Buffer> issue(WorkerExecutor pool, PeerAddress from, Buffer request) {
        if (request.length() > MAX_REQUEST_BYTES) {
            LOG.info("issuance refused: {} bytes from {}", request.length(), from.value());
            return Future.failedFuture(new MeshException(ErrorCode.INVALID_MESSAGE, "the request is too long"));
        }
        byte[] sealed = request.getBytes();
        return replies.answer(
                Digest.sha256(sealed),
                clock.instant(),
                () -> pool.executeBlocking(() -> issuance.answer(sealed), false));
    }
}
