package io.ferrymesh.provider;

import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.EnrolmentToken;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.RevocationView;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One provider. Starts in this order, and not at all if a step fails: the key centre's parameters against the fingerprint,
 * enrolment, the first revocation list, the engine, the HTTP API. Stops by closing the API and wiping its keys.
 */
public final class ProviderVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderVerticle.class);
    private static final int WORKERS = 2;
    private static final long MAINTAIN_EVERY_MS = 30_000;

    private final Mesh mesh;
    private final ProviderOptions options;
    private final EnrolmentToken token;
    private final EngineStarter engine;
    private final Clock clock;
    private final SecureRandom random;
    private @Nullable WorkerExecutor workers;
    private volatile @Nullable ProviderKeys keys;
    private volatile @Nullable HttpServer http;

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

    /** The pseudonyms in stock. Fails before it has started. */
    public CredentialPool credentials() {
        return started(keys).credentials();
    }

    /** Who is revoked. Fails before it has started. */
    public RevocationView revocation() {
        return started(keys).revocation();
    }

    /** The key centre's public key. Fails before it has started. */
    public KgcPublicKey kgcKey() {
        return started(keys).kgc();
    }

    @Override
    public Future<?> start() {
        WorkerExecutor pool = vertx.createSharedWorkerExecutor("ferrymesh-provider", WORKERS);
        workers = pool;
        KgcClient kgc = new KgcClient(mesh, options.kgcFingerprint(), pool, clock, random);
        Accounts accounts = new Accounts(options.users());
        return onLoop(kgc.parameters())
                .compose(parameters -> enrol(kgc, parameters.kgc()))
                .compose(engine::start)
                .compose(service -> onLoop(Future.succeededFuture(service)))
                .compose(service -> listen(accounts, service))
                .onSuccess(server -> LOG.info("the API listens on {}:{}", options.httpHost(), server.actualPort()))
                .onFailure(e -> closeKeys())
                .onComplete(done -> token.close());
    }

    @Override
    public Future<?> stop() {
        HttpServer server = http;
        Future<Void> closed = server == null ? Future.succeededFuture() : server.close();
        return closed.eventually(() -> workers == null ? Future.succeededFuture() : workers.close())
                .onComplete(done -> closeKeys());
    }

    private void closeKeys() {
        ProviderKeys held = keys;
        if (held != null) {
            held.credentials().close();
        }
    }

    private Future<ProviderKeys> enrol(KgcClient kgc, KgcPublicKey key) {
        long validity = options.certificateValiditySeconds();
        RevocationWatch watch = new RevocationWatch(() -> kgc.revocations(key));
        return onLoop(kgc.enrol(token, CredentialPool.firstLines(options), validity))
                .map(credentials -> {
                    CredentialPool pool = pool(kgc, credentials);
                    ProviderKeys held = new ProviderKeys(key, pool, watch);
                    keys = held;
                    return held;
                })
                .compose(held -> onLoop(watch.refresh()).map(held))
                .onSuccess(held -> keepCurrent(held.credentials(), watch));
    }

    private CredentialPool pool(KgcClient kgc, List<Credential> credentials) {
        long validity = options.certificateValiditySeconds();
        return new CredentialPool((signer, lines) -> kgc.renew(signer, lines, validity), options, clock, credentials);
    }

    private void keepCurrent(CredentialPool pool, RevocationWatch watch) {
        vertx.setPeriodic(options.revocationRefreshMs(), timer -> watch.refresh()
                .onFailure(e -> LOG.warn("no new revocation list: {}", e.getMessage())));
        vertx.setPeriodic(MAINTAIN_EVERY_MS, timer -> pool.maintain()
                .onFailure(e -> LOG.debug("credentials could not be renewed", e)));
    }

    private Future<HttpServer> listen(Accounts accounts, MigrationService service) {
        HttpApi api = new HttpApi(
                accounts,
                new GrantRoutes(service, clock, options.maxLivePerUser()),
                new MigrationRoutes(service, options.maxLivePerUser()));
        return ApiServer.start(vertx, api, options).onSuccess(server -> http = server);
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
