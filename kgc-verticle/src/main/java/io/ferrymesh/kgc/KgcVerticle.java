package io.ferrymesh.kgc;

import io.ferrymesh.kgc.registry.RevocationTable;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.KgcServices;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MalformedException;
import io.ferrymesh.scheme.RevocationPage;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node of the key centre on the mesh. Any number of nodes with the same keys and database answer for the same services. Curve
 * work and the database are for workers; what is decided here is whose turn it is.
 */
public final class KgcVerticle extends VerticleBase {

    /** Longest request for certificates looked at, in bytes. */
    static final int MAX_REQUEST_BYTES = 2_048;

    private static final long SAID_EVERY_NANOS = 60_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(KgcVerticle.class);
    private static final int PAGE_READERS = 2;
    private static final int MAX_PAGES_WAITING = 64;
    private static final int MAX_PAGES_PER_SENDER = 4;
    private static final long FORGET_MS = 60_000;

    private final Mesh mesh;
    private final Kgc kgc;
    /** Requests at work, so that one that comes again meanwhile is joined. Event loop only. */
    private final Map<Digest, Future<Buffer>> atWork = new HashMap<>();

    private final FairQueue issuing;
    private final FairQueue pages;
    private @Nullable WorkerExecutor issuers;
    private @Nullable WorkerExecutor readers;
    private @Nullable WorkerExecutor signer;
    private boolean signing;
    private boolean failing;
    private long saidAtNanos;

    /** A node that serves when it is deployed on the mesh's Vert.x; {@code kgc} stays the caller's to close, afterwards. */
    public KgcVerticle(Mesh mesh, Kgc kgc) {
        this.mesh = mesh;
        this.kgc = kgc;
        KgcOptions options = kgc.options();
        this.issuing = new FairQueue(
                workers(), options.maxConcurrentRequests(), options.maxRequestsPerSender(), work -> run(issuers, work));
        this.pages = new FairQueue(PAGE_READERS, MAX_PAGES_WAITING, MAX_PAGES_PER_SENDER, work -> run(readers, work));
    }

    @Override
    public Future<?> start() {
        issuers = vertx.createSharedWorkerExecutor("ferrymesh-kgc-" + deploymentID(), workers());
        readers = vertx.createSharedWorkerExecutor("ferrymesh-kgc-pages-" + deploymentID(), PAGE_READERS);
        signer = vertx.createSharedWorkerExecutor("ferrymesh-kgc-signer-" + deploymentID(), 1);
        kgc.announcements().listener(this::publish);
        return sign().compose(signed -> serve())
                .onSuccess(served ->
                        LOG.info("key centre {} is up", kgc.publicKey().fingerprint()));
    }

    /** All from this verticle's own context, on which the handlers then run. */
    private Future<?> serve() {
        long everySecond = vertx.setPeriodic(kgc.options().resignMs(), timer -> signAgain());
        long everyMinute = vertx.setPeriodic(FORGET_MS, timer -> forgetOld());
        LOG.debug("timers {} and {} run", everySecond, everyMinute);
        return Future.all(
                mesh.serve(
                        KgcServices.PARAMETERS,
                        (from, request) -> announced(
                                request, epoch -> kgc.announcements().signed().parameters(epoch))),
                mesh.serve(
                        KgcServices.BULLETIN,
                        (from, request) -> announced(
                                request, epoch -> kgc.announcements().signed().bulletin(epoch))),
                mesh.serve(KgcServices.REVOCATIONS, this::page),
                mesh.serve(KgcServices.ISSUE, this::issue));
    }

    @Override
    public Future<?> stop() {
        kgc.announcements().listener(news -> {});
        return Future.all(close(issuers), close(readers), close(signer));
    }

    /** Any thread. */
    private void publish(Announcements.Signed news) {
        news.bulletins().values().forEach(bulletin -> mesh.publish(KgcServices.BULLETINS, Buffer.buffer(bulletin)));
    }

    private Future<Void> sign() {
        return run(signer, () -> {
                    Announcements.Signed unused = kgc.announcements().refresh();
                    return Buffer.buffer();
                })
                .mapEmpty();
    }

    /** One at a time: when the database is slow, signatures are left out rather than queued. */
    private void signAgain() {
        if (signing) {
            return;
        }
        signing = true;
        Future<Void> unused = sign().onComplete(done -> signing = false)
                .onSuccess(done -> signsAgain())
                .onFailure(this::doesNotSign);
    }

    /** Said when it begins and once a minute from then on: it is tried every second. */
    private void doesNotSign(Throwable why) {
        kgc.metrics().signingFailed();
        long now = System.nanoTime();
        if (!failing || now - saidAtNanos >= SAID_EVERY_NANOS) {
            LOG.error(
                    "nothing is signed, and soon nobody will trust anybody: {}; do not just restart this node"
                            + " (docs/operating.md)",
                    why.getMessage());
            saidAtNanos = now;
        }
        LOG.debug("signing failed", why);
        failing = true;
    }

    private void signsAgain() {
        if (failing) {
            LOG.warn("parameters and bulletins are signed again");
        }
        failing = false;
    }

    private void forgetOld() {
        Future<Buffer> unused = run(signer, () -> {
                    kgc.issuance().forgetOld();
                    return Buffer.buffer();
                })
                .onFailure(e -> LOG.error("old replies could not be deleted", e));
    }

    private static Future<Buffer> announced(Buffer request, Function<Digest, Optional<byte[]>> announcements) {
        if (request.length() != Digest.LENGTH) {
            return refused("the request is the fingerprint of a key epoch");
        }
        return announcements
                .apply(Digest.of(request.getBytes()))
                .map(signed -> Future.succeededFuture(Buffer.buffer(signed)))
                .orElseGet(() -> Future.failedFuture(
                        new MeshException(ErrorCode.KEY_RETIRED, "the key epoch is unknown or retired")));
    }

    private Future<Buffer> page(PeerAddress from, Buffer request) {
        if (request.length() != RevocationPage.Request.LENGTH) {
            return refused("the request says which entries");
        }
        RevocationPage.Request asked;
        try {
            asked = RevocationPage.Request.decode(request.getBytes());
        } catch (MalformedException e) {
            return refused("malformed: " + e.getMessage());
        }
        return pages.submit(from, () -> kgc.registry().database().read(handle -> {
            var entries = RevocationTable.page(handle, asked.after(), asked.upTo(), RevocationPage.MAX_ENTRIES);
            return Buffer.buffer(new RevocationPage(asked.after() + 1, entries).encoded());
        }));
    }

    /** The size is checked before anything is hashed or copied. */
    private Future<Buffer> issue(PeerAddress from, Buffer request) {
        if (request.length() > MAX_REQUEST_BYTES) {
            LOG.info("issuance refused: {} bytes from {}", request.length(), from.value());
            kgc.metrics().request(ErrorCode.INVALID_MESSAGE.name());
            return refused("the request is too long");
        }
        byte[] sealed = request.getBytes();
        Digest digest = Digest.sha256(sealed);
        Future<Buffer> joined = atWork.get(digest);
        if (joined != null) {
            return joined;
        }
        Future<Buffer> reply =
                issuing.submit(from, () -> Buffer.buffer(kgc.issuance().answer(sealed)));
        atWork.put(digest, reply);
        return reply.onComplete(done -> atWork.remove(digest, reply)).onFailure(this::countIfTurnedAway);
    }

    /** What was refused by somebody who had worked on it is counted there. */
    private void countIfTurnedAway(Throwable why) {
        if (why instanceof MeshException turnedAway && turnedAway.code() == ErrorCode.OVERLOADED) {
            kgc.metrics().request(ErrorCode.OVERLOADED.name());
        }
    }

    private static Future<Buffer> refused(String why) {
        return Future.failedFuture(new MeshException(ErrorCode.INVALID_MESSAGE, why));
    }

    private static Future<Buffer> run(@Nullable WorkerExecutor pool, Callable<Buffer> work) {
        return pool == null
                ? Future.failedFuture(new MeshException(ErrorCode.UNAVAILABLE, "not started"))
                : pool.executeBlocking(work, false);
    }

    private static Future<Void> close(@Nullable WorkerExecutor pool) {
        return pool == null ? Future.succeededFuture() : pool.close();
    }

    private static int workers() {
        return Math.max(2, Runtime.getRuntime().availableProcessors());
    }
}
