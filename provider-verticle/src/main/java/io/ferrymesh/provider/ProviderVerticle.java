package io.ferrymesh.provider;

import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.scheme.EnrolmentToken;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A provider as far as others than its users see it. Starts in this order, and not at all if a step fails: what deals with the
 * key centre ({@link KeyCentreLink}), then the engine. One that has enrolled before has started without a key centre too, and
 * starts its engine when that is there. Stops by letting go of the key centre.
 */
public final class ProviderVerticle extends VerticleBase {

    private static final int WORKERS = 2;

    private final Mesh mesh;
    private final ProviderOptions options;
    private final ProviderState state;
    private final Optional<EnrolmentToken> token;
    private final EngineStarter engine;
    private final Clock clock;
    private final SecureRandom random;
    private boolean stopped; // event loop only
    private @Nullable WorkerExecutor workers;
    private volatile @Nullable KeyCentreLink link;
    private volatile @Nullable ProviderKeys keys;

    /**
     * A provider with this database and these secrets, which stay the caller's to close; starts when it is deployed on the mesh's
     * Vert.x.
     *
     * @param token to enrol with, if the database holds nothing to ask for credentials with; closed when it is not needed any more
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

    /** Its keys. Fails before it has reached the key centre. */
    public ProviderKeys keys() {
        ProviderKeys held = keys;
        if (held == null) {
            throw new IllegalStateException("the provider has not reached the key centre yet");
        }
        return held;
    }

    /** What is wrong with its keys, with who is revoked, and with its credentials. Any thread. */
    public List<HealthReason> problems() {
        KeyCentreLink centre = link;
        return centre == null ? List.of() : centre.problems();
    }

    /** How it stands with the key centre. Any thread. */
    public KeyCentreFigures figures() {
        KeyCentreLink centre = link;
        return centre == null ? KeyCentreFigures.NONE : centre.figures();
    }

    @Override
    public Future<?> start() {
        WorkerExecutor pool = vertx.createSharedWorkerExecutor("ferrymesh-provider", WORKERS);
        workers = pool;
        KeyCentreLink centre = new KeyCentreLink(vertx, mesh, options, state, token, pool, clock, random);
        link = centre;
        return onLoop(centre.start(this::withKeys)).onFailure(e -> {
            centre.close();
            token.ifPresent(EnrolmentToken::close);
        });
    }

    private Future<Void> withKeys(ProviderKeys held) {
        keys = held;
        token.ifPresent(EnrolmentToken::close);
        return onLoop(Future.succeededFuture())
                .compose(here -> stopped ? Future.failedFuture("the provider stops") : onLoop(engine.start(held)))
                .mapEmpty();
    }

    @Override
    public Future<?> stop() {
        stopped = true;
        token.ifPresent(EnrolmentToken::close);
        KeyCentreLink centre = link;
        if (centre != null) {
            centre.close();
        }
        return workers == null ? Future.succeededFuture() : workers.close();
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
