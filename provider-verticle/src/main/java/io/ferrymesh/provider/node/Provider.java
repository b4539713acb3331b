package io.ferrymesh.provider.node;

import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.provider.EngineStarter;
import io.ferrymesh.provider.ProviderKeys;
import io.ferrymesh.provider.ProviderVerticle;
import io.ferrymesh.provider.accounts.Accounts;
import io.ferrymesh.provider.api.ApiHealth;
import io.ferrymesh.provider.api.ApiServices;
import io.ferrymesh.provider.api.ProviderApi;
import io.ferrymesh.provider.config.ProviderConfig;
import io.ferrymesh.provider.work.Work;
import io.ferrymesh.scheme.EnrolmentToken;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process of a provider. Starts in this order, and not at all if a step fails: accounts and orders, the API, what deals with the
 * key centre, the engine, work on orders. So users can log in and use their objects while the key centre is waited for, and a start
 * that cannot succeed keeps its enrolment token. Stops in the opposite order: the API takes no more requests and ends those under
 * way, the work is handed over to other processes, then the keys are let go of.
 */
public final class Provider extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(Provider.class);

    private final Mesh mesh;
    private final ProviderBase base;
    private final Optional<EnrolmentToken> token;
    private final EngineStarter engine;
    private final ProviderRuntime runtime;
    private volatile Stage stage = Stage.STARTING;
    private volatile @Nullable Open open;
    private @Nullable String centreId;

    /** What serves users. */
    private record Open(Accounts accounts, Work work, ProviderVerticle centre, ProviderApi.Running api) {}

    /**
     * A process on this base, which stays the caller's to close; starts when it is deployed on the mesh's Vert.x, as one instance.
     *
     * @param token to enrol with if the database holds nothing to ask for credentials with; closed when it has started
     */
    public Provider(
            Mesh mesh,
            ProviderBase base,
            Optional<EnrolmentToken> token,
            EngineStarter engine,
            ProviderRuntime runtime) {
        this.mesh = mesh;
        this.base = base;
        this.token = token;
        this.engine = engine;
        this.runtime = runtime;
    }

    /** Where the users' API is. Fails before it listens. */
    public URI api() {
        return started().api().uri();
    }

    /** Its keys. Fails before it has enrolled. */
    public ProviderKeys keys() {
        return started().centre().keys();
    }

    /** How it is. Any thread. */
    public ApiHealth health() {
        Open all = open;
        return ApiSetup.health(stage, all == null ? List.of() : all.centre().problems());
    }

    @Override
    public Future<?> start() {
        return vertx.executeBlocking(this::accounts)
                .compose(accounts -> onLoop(serve(accounts)).onFailure(e -> accounts.close()))
                .compose(all -> vertx.deployVerticle(all.centre()).onSuccess(id -> centreId = id))
                .onSuccess(id -> {
                    stage = Stage.RUNNING;
                    LOG.info("the users' API is at {}", api());
                })
                .recover(failure -> stop().transform(stopped -> Future.failedFuture(failure)));
    }

    private Accounts accounts() {
        ProviderConfig config = base.config();
        return Accounts.open(
                vertx,
                base.state().database(),
                AccountSetup.keys(base.state().secrets()),
                AccountSetup.options(config.accounts(), base.state().secrets()),
                runtime.clock(),
                runtime.random(),
                runtime.meters());
    }

    /** The API first: what it needs is there, and a port that is taken costs no token. */
    private Future<Open> serve(Accounts accounts) {
        ProviderConfig config = base.config();
        Work work = Work.open(
                base.state().database(),
                WorkSetup.seal(base.state().secrets()),
                WorkSetup.objects(config.store(), base.store()),
                WorkSetup.options(config),
                runtime.clock(),
                runtime.random());
        ProviderVerticle centre = new ProviderVerticle(
                mesh,
                ApiSetup.provider(config),
                base.state(),
                token,
                keys -> engine.start(keys).onSuccess(work::attach),
                runtime.clock(),
                runtime.random());
        ApiServices services = new ApiServices(accounts, work.grants(), work.migrations(), work.stores());
        return ProviderApi.start(
                        vertx,
                        ApiSetup.web(config.http()),
                        ApiSetup.options(config.http()),
                        services,
                        this::health,
                        runtime.meters(),
                        runtime.clock())
                .map(api -> {
                    Open all = new Open(accounts, work, centre, api);
                    open = all;
                    return all;
                });
    }

    @Override
    public Future<Void> stop() {
        stage = Stage.STOPPING;
        Open all = open;
        if (all == null) {
            token.ifPresent(EnrolmentToken::close);
            return Future.succeededFuture();
        }
        return onLoop(all.api().stop(base.config().http().grace()))
                .eventually(() -> vertx.executeBlocking(() -> {
                    all.work().handOver();
                    return true;
                }))
                .eventually(() -> centreId == null ? Future.succeededFuture() : vertx.undeploy(centreId))
                .onComplete(done -> {
                    all.accounts().close();
                    token.ifPresent(EnrolmentToken::close);
                });
    }

    private Open started() {
        Open all = open;
        if (all == null) {
            throw new IllegalStateException("the provider has not started");
        }
        return all;
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
}
