package io.ferrymesh.provider;

import io.ferrymesh.mesh.MeshException;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits at the start, for so long in all, for a key centre that is not there yet or has no time. Says so once. */
final class Patience {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderVerticle.class);

    private final Clock clock;
    private final LongFunction<Future<Void>> timer;
    private final long waitSeconds;
    private final long endsAtMs;
    private final Backoff backoff;
    private boolean said;

    /** The timer completes after so many milliseconds. */
    Patience(Clock clock, LongFunction<Future<Void>> timer, long waitSeconds, RandomGenerator random) {
        this.clock = clock;
        this.timer = timer;
        this.waitSeconds = waitSeconds;
        this.endsAtMs = clock.millis() + waitSeconds * 1_000;
        this.backoff = new Backoff(random);
    }

    /** Tries until it succeeds, fails with something that waiting does not help, or the time is over. */
    <T> Future<T> insist(Supplier<Future<T>> step) {
        return step.get()
                .onSuccess(done -> backoff.succeeded())
                .recover(failure ->
                        isWorthWaiting(failure) ? again(step, (MeshException) failure) : Future.failedFuture(failure));
    }

    private <T> Future<T> again(Supplier<Future<T>> step, MeshException failure) {
        long now = clock.millis();
        if (now >= endsAtMs) {
            return Future.failedFuture(new MeshException(
                    failure.code(),
                    "the key centre did not answer within " + waitSeconds + " s: " + failure.getMessage(),
                    failure));
        }
        if (!said) {
            said = true;
            LOG.info("waiting up to {} s for the key centre: {}", waitSeconds, failure.getMessage());
        }
        backoff.failed(failure.code(), now);
        return timer.apply(Math.min(backoff.msLeft(now), endsAtMs - now)).compose(waited -> insist(step));
    }

    private static boolean isWorthWaiting(Throwable failure) {
        return failure instanceof MeshException mesh
                && switch (mesh.code()) {
                    case UNAVAILABLE, OVERLOADED, RATE_LIMITED -> true;
                    default -> false;
                };
    }
}
