package io.ferrymesh.provider;

import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.scheme.EnrolmentToken;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One provider. Starts in this order, and not at all if a step fails: the API's port, what deals with the key centre
 * ({@link KeyCentreLink}), the engine, the API. So a start that cannot succeed keeps its token. Stops by closing the API and
 * letting go of the key centre.
 */
public final class ProviderVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderVerticle.class);
    private static final int WORKERS = 2;

    private final Mesh mesh;
    private final ProviderOptions options;
    private final ProviderState state;
    private final Optional<EnrolmentToken> token;
    private final EngineStarter engine;
    private final Clock clock;
    private final SecureRandom random;
    private @Nullable WorkerExecutor workers;
    private @Nullable KeyCentreLink link;
    private volatile @Nullable ProviderKeys keys;
    private volatile @Nullable HttpServer http;

    /**
     * A provider with this database and these secrets, which stay the caller's to close; starts when it is deployed on the mesh's
     * Vert.x.
     *
     * @param token to enrol with, if the database holds nothing to ask for credentials with; closed when it has started
     */
    public ProviderVerticle(
            Mesh mesh,
            ProviderOptions options,
            ProviderState state,
            Optional<EnrolmentToken> token,
            EngineStarter engine,
            Clock clock,
            SecureRandom random) {
        this.mesh = mesh;
        this.options = options;
        this.state = state;
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
        KeyCentreLink centre = new KeyCentreLink(vertx, mesh, options, state, token, pool, clock, random);
        link = centre;
        Front front = new Front(vertx);
        return listen(front)
                .compose(listening -> onLoop(centre.start()))
                .compose(held -> {
                    keys = held;
                    return onLoop(engine.start(held));
                })
                .onSuccess(service -> front.open(api(centre, service).router(vertx)))
                .onSuccess(service -> LOG.info("the API listens on {}:{}", options.httpHost(), port()))
                .onFailure(e -> centre.close())
                .onComplete(done -> token.ifPresent(EnrolmentToken::close));
    }

    @Override
    public Future<?> stop() {
        HttpServer server = http;
        KeyCentreLink centre = link;
        Future<Void> closed = server == null ? Future.succeededFuture() : server.close();
        return closed.eventually(() -> {
            if (centre != null) {
                centre.close();
            }
            return workers == null ? Future.succeededFuture() : workers.close();
        });
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

    private HttpApi api(KeyCentreLink link, MigrationService service) {
        UserBudget budget = new UserBudget(clock, options.maxStartsPerUserHour());
        return new HttpApi(
                new Accounts(options.users()),
                new GrantRoutes(service, clock, options.maxLivePerUser(), budget),
                new MigrationRoutes(service, options.maxLivePerUser(), budget),
                link::problems);
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
