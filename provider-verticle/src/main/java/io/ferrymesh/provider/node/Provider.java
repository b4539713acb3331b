package io.ferrymesh.provider.node;

import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.provider.EngineStarter;
import io.ferrymesh.provider.HealthReason;
import io.ferrymesh.provider.KeyCentreFigures;
import io.ferrymesh.provider.ProviderKeys;
import io.ferrymesh.provider.ProviderVerticle;
import io.ferrymesh.provider.accounts.Accounts;
import io.ferrymesh.provider.api.ApiHealth;
import io.ferrymesh.provider.api.ApiServices;
import io.ferrymesh.provider.api.ProviderApi;
import io.ferrymesh.provider.config.ProviderConfig;
import io.ferrymesh.provider.ops.Degradation;
import io.ferrymesh.provider.ops.Health;
import io.ferrymesh.provider.ops.ManagementServer;
import io.ferrymesh.provider.ops.Shutdown;
import io.ferrymesh.provider.webhooks.HttpWebhookSender;
import io.ferrymesh.provider.work.Work;
import io.ferrymesh.scheme.EnrolmentToken;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One process of a provider. Starts in this order, and not at all if a step fails: accounts and orders, the management port, the
 * API, what deals with the key centre, the engine, work on orders. So users can log in and use their objects while the key centre
 * is waited for, and a start that cannot succeed keeps its enrolment token. One that has enrolled before has started without the
 * key centre too, and begins to work on orders when that is there. Ends as {@link Shutdown} says.
 */
public final class Provider {

    private final Mesh mesh;
    private final Vertx vertx;
    private final Context context;
    private final ProviderBase base;
    private final Optional<EnrolmentToken> token;
    private final EngineStarter engine;
    private final ProviderRuntime runtime;
    private final KeyFileAge keyFile;
    private final Closing closing = new Closing();
    private volatile @Nullable Health health;
    private volatile @Nullable ProviderVerticle centre;
    private volatile String doing = "not begun";
    private volatile @Nullable Work work;
    private volatile ProviderApi.@Nullable Running api;
    private volatile @Nullable ManagementServer management;
    private volatile @Nullable Shutdown shutdown;

    /**
     * A process on this base, which stays the caller's to close. No verticle itself, because Vert.x would stop those that it
     * deploys before it can hand its work over.
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
        this.vertx = mesh.vertx();
        this.context = vertx.getOrCreateContext();
        this.base = base;
        this.token = token;
        this.engine = engine;
        this.runtime = runtime;
        this.keyFile = new KeyFileAge(mesh.vertx(), base.state());
    }

    /** Where the users' API is. Fails before it listens. */
    public URI api() {
        return started(api).uri();
    }

    /** Where liveness, readiness and metrics are. Fails before it listens. */
    public URI management() {
        return started(management).uri();
    }

    /** Its keys. Fails before it has enrolled. */
    public ProviderKeys keys() {
        return started(centre).keys();
    }

    /** The most it may take to stop one that is configured so. */
    public static Duration longestStop(ProviderConfig config) {
        return Shutdown.longest(config.http().grace());
    }

    /** What a start does just now, for people. Any thread. */
    public String doing() {
        return doing;
    }

    /** How it is. Any thread. */
    public ApiHealth health() {
        Health known = health;
        return ApiSetup.health(known == null ? Health.Stage.STARTING : known.stage(), problems());
    }

    /** Once. Fails, with everything closed again, if a step fails. */
    public Future<Void> start() {
        Health own = Readiness.add(
                new Health(vertx, this::degraded), base.state().database(), base.store(), base.marker(), this::beats);
        health = own;
        shutdown = new Shutdown(own, base.config().http().grace(), closing.steps(vertx, context));
        doing = "reading the accounts";
        return onLoop(vertx.executeBlocking(this::accounts))
                .compose(accounts -> {
                    doing = "opening its ports";
                    return onLoop(serve(accounts, own));
                })
                .compose(link -> {
                    doing = "waiting for the key centre, or starting the migration engine";
                    return closing.deployed(vertx, link);
                })
                .onSuccess(running -> own.started())
                .onFailure(failure -> token.ifPresent(EnrolmentToken::close))
                .<Void>mapEmpty()
                .recover(failure -> stop().transform(stopped -> Future.failedFuture(failure)));
    }

    private Accounts accounts() {
        keyFile.begin();
        Accounts accounts = Accounts.open(
                vertx,
                base.state().database(),
                AccountSetup.keys(base.state().secrets()),
                AccountSetup.options(base.config().accounts(), base.state().secrets()),
                AccountSetup.numbers(base.config().store(), base.store()),
                runtime.clock(),
                runtime.random(),
                runtime.metrics().registry());
        closing.add(accounts);
        return accounts;
    }

    /** What users see first: all it needs is there, and a port that is taken costs no token. */
    private Future<ProviderVerticle> serve(Accounts accounts, Health own) {
        ProviderConfig config = base.config();
        Work work = Work.open(
                base.state().database(),
                WorkSetup.seal(base.state().secrets()),
                WorkSetup.objects(config.store(), base.store()),
                WorkSetup.options(config),
                runtime.clock(),
                runtime.random());
        closing.add(work);
        this.work = work;
        if (config.webhooks().enabled()) {
            work.tell(new HttpWebhookSender(vertx, config.webhooks().loopback()));
        }
        work.live();
        ProviderVerticle link = new ProviderVerticle(
                mesh,
                ApiSetup.provider(config),
                base.state(),
                token,
                keys -> engine.start(keys).onSuccess(work::attach),
                runtime.clock(),
                runtime.random());
        centre = link;
        Gauges gauges = gauges(own, work);
        ApiServices services = new ApiServices(
                accounts,
                work.grants(),
                work.migrations(),
                work.events(),
                work.webhooks(),
                work.stores(),
                () -> KeyCentreKeys.of(link));
        return ManagementServer.start(
                        vertx,
                        config.management().host(),
                        config.management().port(),
                        own,
                        runtime.metrics().registry(),
                        gauges::refresh)
                .compose(watched -> {
                    management = watched;
                    closing.add(watched);
                    return ProviderApi.start(
                            vertx,
                            ApiSetup.web(config.http()),
                            ApiSetup.options(config),
                            services,
                            this::health,
                            runtime.metrics().registry(),
                            runtime.clock());
                })
                .map(listening -> {
                    api = listening;
                    closing.add(listening);
                    return link;
                });
    }

    private Gauges gauges(Health own, Work work) {
        base.retries().countIn(runtime.metrics().registry());
        return new Gauges(
                runtime.metrics().registry(),
                new Gauges.Sources(
                        own,
                        this::degraded,
                        this::centreFigures,
                        work::figures,
                        this::certificateExpires,
                        base.state().database()),
                new WorkGauges(runtime.metrics().registry(), work));
    }

    private KeyCentreFigures centreFigures() {
        ProviderVerticle link = centre;
        return link == null ? KeyCentreFigures.NONE : link.figures();
    }

    private Optional<Instant> certificateExpires() {
        return Optional.ofNullable(api).flatMap(ProviderApi.Running::certificateExpires);
    }

    /** As {@link Shutdown} does it; asked again, it is the same end. */
    public Future<Void> stop() {
        keyFile.close();
        return started(shutdown).run();
    }

    private boolean beats() {
        Work working = work;
        return working != null && working.isAlive();
    }

    private List<HealthReason> problems() {
        ProviderVerticle link = centre;
        List<HealthReason> all = new ArrayList<>(link == null ? List.of() : link.problems());
        keyFile.problem().ifPresent(all::add);
        return all;
    }

    private List<Degradation> degraded() {
        return problems().stream()
                .map(problem -> new Degradation(problem.code(), problem.detail()))
                .toList();
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the provider has not started");
        }
        return part;
    }

    /** Goes on on this process's own event loop, whoever completed the future. */
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
