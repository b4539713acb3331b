package io.ferrymesh.provider.ops;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a provider ends so that nobody notices: it says that it is not ready, takes nothing more and lets what runs end, gives
 * its work to the other processes, and only then closes what all that needed. What fails or takes too long on the way does not
 * keep the rest from its turn.
 */
public final class Shutdown {

    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    private static final Duration HAND_OVER = Duration.ofSeconds(10);

    /**
     * What is done, in this order; each once.
     *
     * @param stopAccepting ends event streams, takes no more requests, lets the running ones end within the time given, and
     *     closes the rest
     * @param handOver stops driving migrations and gives up their leases
     * @param close closes everything else
     */
    public record Steps(Stop stopAccepting, Supplier<Future<Void>> handOver, Supplier<Future<Void>> close) {

        /** Stops something that takes its time. */
        @FunctionalInterface
        public interface Stop {
            Future<Void> within(Duration grace);
        }
    }

    private final Health health;
    private final Duration grace;
    private final Steps steps;
    private @Nullable Future<Void> running;

    /**
     * Does nothing yet.
     *
     * @param grace how long running requests may take
     */
    public Shutdown(Health health, Duration grace, Steps steps) {
        this.health = health;
        this.grace = grace;
        this.steps = steps;
    }

    /** The most it may take until {@code close} begins. */
    public static Duration longest(Duration grace) {
        return grace.plusSeconds(1).plus(HAND_OVER);
    }

    /** Goes through with it; asked again, it is the same end. Fails only if closing does. Any thread. */
    public synchronized Future<Void> run() {
        Future<Void> begun = running;
        if (begun == null) {
            begun = go();
            running = begun;
        }
        return begun;
    }

    private Future<Void> go() {
        LOG.info("stopping: running requests have {} s", grace.toSeconds());
        health.stopping();
        return step("running requests", grace.plusSeconds(1), () -> steps.stopAccepting()
                        .within(grace))
                .compose(stopped -> step("handing work over", HAND_OVER, steps.handOver()))
                .compose(handedOver -> begin(steps.close()))
                .onSuccess(closed -> LOG.info("stopped"))
                .onFailure(failure -> LOG.error("closing failed", failure));
    }

    private static Future<Void> step(String name, Duration most, Supplier<Future<Void>> step) {
        return begin(step)
                .timeout(most.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(failure -> LOG.warn("{} did not end well; stopping goes on", name, failure))
                .otherwiseEmpty();
    }

    private static Future<Void> begin(Supplier<Future<Void>> step) {
        try {
            return step.get();
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }
}
