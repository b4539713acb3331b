package io.ferrymesh.provider;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits at the start, for so long in all, for a key centre that is not there yet or has no time. Says so once. */
final class Patience {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderVerticle.class);

    /** How long a refusal is doubted: it is not signed, so anybody on the bus can say it, and whoever starts a provider waits. */
    static final long DOUBT_MS = 10_000;

    /** The longest between two tries of what is tried without end. */
    private static final long PERSISTS_MS = 15_000;

    private final Clock clock;
    private final LongFunction<Future<Void>> timer;
    private final long waitSeconds;
    private final long endsAtMs;
    private final Backoff backoff;
    private boolean said;
    private long refusedAtMs = Long.MAX_VALUE;

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
        return insist(step, Patience::isWorthWaiting);
    }

    /**
     * Tries until it succeeds or the time is over. A refusal is tried again for a few seconds only, since it may be somebody else
     * than the key centre who says it.
     */
    <T> Future<T> insistWhatever(Supplier<Future<T>> step) {
        return insist(step, MeshException.class::isInstance);
    }

    /**
     * Tries until it succeeds, however long that takes and whatever it fails with, or until it is over.
     *
     * @param told of each failure
     */
    <T> Future<T> persist(Supplier<Future<T>> step, Consumer<Throwable> told, BooleanSupplier over) {
        Promise<T> done = Promise.promise();
        persist(step, told, over, done);
        return done.future();
    }

    private <T> void persist(
            Supplier<Future<T>> step, Consumer<Throwable> told, BooleanSupplier over, Promise<T> done) {
        step.get()
                .onSuccess(result -> {
                    backoff.succeeded();
                    done.complete(result);
                })
                .onFailure(failure -> {
                    told.accept(failure);
                    if (over.getAsBoolean()) {
                        done.fail(failure);
                        return;
                    }
                    long now = clock.millis();
                    backoff.failed(ErrorCode.UNAVAILABLE, now);
                    timer.apply(Math.min(backoff.msLeft(now), PERSISTS_MS))
                            .onFailure(done::fail)
                            .onSuccess(waited -> {
                                if (over.getAsBoolean()) {
                                    done.fail(failure);
                                } else {
                                    persist(step, told, over, done);
                                }
                            });
                });
    }

    private <T> Future<T> insist(Supplier<Future<T>> step, Predicate<Throwable> isTriedAgain) {
        return step.get()
                .onSuccess(done -> backoff.succeeded())
                .recover(failure -> isTriedAgain.test(failure)
                        ? later((MeshException) failure).compose(waited -> insist(step, isTriedAgain))
                        : Future.failedFuture(failure));
    }

    private Future<Void> later(MeshException failure) {
        long now = clock.millis();
        boolean refused = !isWorthWaiting(failure);
        refusedAtMs = refused ? Math.min(refusedAtMs, now) : refusedAtMs;
        long end = refused ? Math.min(endsAtMs, refusedAtMs + DOUBT_MS) : endsAtMs;
        if (now >= end) {
            String what = refused ? "refuses: " : "did not answer within " + waitSeconds + " s: ";
            return Future.failedFuture(
                    new MeshException(failure.code(), "the key centre " + what + failure.getMessage(), failure));
        }
        if (!said) {
            said = true;
            LOG.info("waiting up to {} s for the key centre: {}", waitSeconds, failure.getMessage());
        }
        backoff.failed(ErrorCode.UNAVAILABLE, now);
        return timer.apply(Math.min(backoff.msLeft(now), end - now));
    }

    /** Whether a key centre that fails so is away or has no time. */
    static boolean isWorthWaiting(Throwable failure) {
        return failure instanceof MeshException mesh
                && switch (mesh.code()) {
                    case UNAVAILABLE, OVERLOADED, RATE_LIMITED -> true;
                    default -> false;
                };
    }
}
