package io.ferrymesh.provider;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.KgcServices;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.engine.MigrationEngine;
import io.ferrymesh.scheme.EnrolmentToken;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One provider. Starts in this order, and not at all if a step fails: the API's port, the key centre's keys from the
 * fingerprint on, who is revoked, enrolment, the engine, the API. So a start that cannot succeed keeps its token. Waits a
 * while for a key centre that is not there. Stops by closing the API and wiping its keys.
 */
public final class ProviderVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderVerticle.class);
    private static final int WORKERS = 2;
    private static final long MAINTAIN_EVERY_MS = 1_000;

    private final Mesh mesh;
    private final ProviderOptions options;
    private final EnrolmentToken token;
    private final EngineStarter engine;
    private final Clock clock;
    private final SecureRandom random;
    private @Nullable WorkerExecutor workers;
    private @Nullable Parts parts;
    private volatile @Nullable ProviderKeys keys;
    private volatile @Nullable HttpServer http;

    /** What deals with the key centre. */
    private record Parts(
            KgcClient kgc, KgcTrust trust, RevocationWatch watch, CredentialPools pools, Patience patience) {}

    /** A provider that enrols with this token, which it closes; starts when it is deployed on the mesh's Vert.x. */
    public ProviderVerticle(
            Mesh mesh,
            ProviderOptions options,
            EnrolmentToken token,
            EngineStarter engine,
            Clock clock,
            SecureRandom random) {
        this.mesh = mesh;
        this.options = options;
        this.token = token;
        this.engine = engine;
        this.clock = clock;
        this.random = random;
    }

    /** The port the API listens on. Fails before it has started. */
    public int port() {
        return started(http).actualPort();
    }

    /** Its keys. Fails before it has enrolled. */
    public ProviderKeys keys() {
        return started(keys);
    }

    @Override
    public Future<?> start() {
        WorkerExecutor pool = vertx.createSharedWorkerExecutor("ferrymesh-provider", WORKERS);
        workers = pool;
        Parts all = parts(new KgcClient(mesh, pool, clock, random));
        parts = all;
        Front front = new Front(vertx);
        return listen(front)
                .compose(listening -> unspent(all.patience().insist(all.trust()::start)))
                .compose(trusted -> unspent(all.patience().insist(all.watch()::refresh)))
                .compose(known -> onLoop(enrol(all)))
                .compose(enrolled -> keepCurrent(all))
                .compose(kept -> engine.start(keys()))
                .compose(service -> onLoop(Future.succeededFuture(service)))
                .onSuccess(service -> front.open(api(all, service).router(vertx)))
                .onSuccess(service -> LOG.info("the API listens on {}:{}", options.httpHost(), port()))
                .onFailure(e -> wipe())
                .onComplete(done -> token.close());
    }

    @Override
    public Future<?> stop() {
        HttpServer server = http;
        Future<Void> closed = server == null ? Future.succeededFuture() : server.close();
        return closed.eventually(() -> workers == null ? Future.succeededFuture() : workers.close())
                .onComplete(done -> wipe());
    }

    private void wipe() {
        if (parts != null) {
            parts.watch().close();
            parts.pools().close();
        }
    }

    private Parts parts(KgcClient kgc) {
        KgcTrust trust = new KgcTrust(kgc::parameters, options.kgcFingerprint(), clock);
        RevocationWatch watch = new RevocationWatch(kgc, trust::newest, options.revocationMaxAgeSeconds(), clock);
        long validity = options.certificateValiditySeconds();
        CredentialSource source = (parameters, signer, lines) -> kgc.renewal(parameters, signer, lines, validity);
        CredentialPools pools = new CredentialPools(trust::epochs, source, options, clock, random);
        Patience patience = new Patience(clock, ms -> vertx.timer(ms).mapEmpty(), options.startWaitSeconds(), random);
        return new Parts(kgc, trust, watch, pools, patience);
    }

    private Future<Void> listen(Front front) {
        return ApiServer.start(vertx, front, options)
                .recover(failure -> Future.failedFuture(new IOException(
                        "httpPort " + options.httpPort() + " of " + options.httpHost()
                                + " cannot be taken, and the enrolment token was not used: " + failure.getMessage(),
                        failure)))
                .map(server -> {
                    http = server;
                    return null;
                });
    }

    private Future<Void> unspent(Future<Void> step) {
        return onLoop(step)
                .recover(failure -> Future.failedFuture(noting(failure, "the enrolment token was not used")));
    }

    /** The same bytes until there are credentials: the token is spent once, however often they arrive. */
    private Future<Void> enrol(Parts all) {
        KeyEpoch epoch = all.trust().preferred();
        if (epoch.parameters().isEmpty()) {
            return unspent(Future.failedFuture(
                    new MeshException(ErrorCode.UNAVAILABLE, "the key centre says nothing of its new " + epoch)));
        }
        Future<Issuance> request = all.kgc()
                .enrolment(
                        epoch.parameters().get(),
                        token,
                        CredentialPool.firstLines(options),
                        options.certificateValiditySeconds());
        return request.compose(made -> all.patience()
                        .insistWhatever(made::send)
                        .recover(failure -> Future.failedFuture(noting(failure, "the enrolment token may be spent")))
                        .onComplete(done -> made.close()))
                .map(credentials -> {
                    all.pools().enrolled(epoch.kgc(), credentials);
                    keys = new ProviderKeys(all.trust(), all.pools(), all.watch());
                    return null;
                });
    }

    private static Throwable noting(Throwable failure, String note) {
        return failure instanceof MeshException mesh
                ? new MeshException(mesh.code(), mesh.getMessage() + " (" + note + ")", mesh)
                : failure;
    }

    private Future<Void> keepCurrent(Parts all) {
        all.watch().onRevoked(() -> all.pools().dropRevoked(all.watch()));
        every(options.revocationRefreshMs(), options.revocationRefreshMs(), () -> {
            all.watch().noteFreshness();
            return all.watch().refresh();
        });
        every(1 + random.nextLong(options.trustRefreshMs()), options.trustRefreshMs(), all.trust()::refresh);
        every(MAINTAIN_EVERY_MS, MAINTAIN_EVERY_MS, all.pools()::maintain);
        return mesh.subscribe(KgcServices.BULLETINS, all.watch()::heard).otherwise(failure -> {
            LOG.warn("published bulletins are not heard, only asked for: {}", failure.getMessage());
            return null;
        });
    }

    /** What fails has told those whom it concerns, and is tried again. */
    private void every(long firstMs, long thenMs, Supplier<Future<Void>> task) {
        vertx.setPeriodic(firstMs, thenMs, timer -> task.get().onFailure(e -> LOG.debug("to be tried again", e)));
    }

    private HttpApi api(Parts all, MigrationEngine service) {
        UserBudget budget = new UserBudget(clock, options.maxStartsPerUserHour());
        return new HttpApi(
                new Accounts(options.users()),
                new GrantRoutes(service, clock, options.maxLivePerUser(), budget),
                new MigrationRoutes(service, options.maxLivePerUser(), budget),
                () -> health(all));
    }

    private static List<HealthReason> health(Parts all) {
        List<HealthReason> reasons = new ArrayList<>();
        all.trust().problem().ifPresent(reasons::add);
        reasons.addAll(all.watch().problems());
        reasons.addAll(all.pools().problems());
        return reasons;
    }

    /** Goes on on this verticle's own event loop, whoever completed the future. */
    private <T> Future<T> onLoop(Future<T> future) {
        Promise<T> here = Promise.promise();
        future.onComplete(outcome -> context.runOnContext(v -> {
            if (outcome.succeeded()) {
                here.complete(outcome.result());
            } else {
                here.fail(outcome.cause());
            }
        }));
        return here.future();
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the provider has not started");
        }
        return part;
    }
}
