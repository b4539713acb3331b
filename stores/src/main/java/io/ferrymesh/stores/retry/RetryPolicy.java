package io.ferrymesh.stores.retry;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How often and after which pauses something is tried again.
 *
 * @param attempts in all, the first one included, at least 1
 * @param firstDelay before the second attempt at most; each later one is at most twice the one before. More than 0
 * @param longestDelay what the growing delays end at, at least {@code firstDelay}
 * @param longestRetryAfter the longest pause a server may ask for; one that asks for more is not tried again
 */
public record RetryPolicy(int attempts, Duration firstDelay, Duration longestDelay, Duration longestRetryAfter) {

    /** Gives up after about ten seconds of a server's silence, or half a minute of a server that says when to come back. */
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(6, Duration.ofMillis(200), Duration.ofSeconds(8), Duration.ofSeconds(30));

    private static final int MOST_ATTEMPTS = 100;

    /** Refuses what cannot work. */
    public RetryPolicy {
        if (attempts < 1 || attempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("attempts must be 1 to " + MOST_ATTEMPTS + ": " + attempts);
        }
        if (firstDelay.isNegative() || firstDelay.isZero()) {
            throw new IllegalArgumentException("firstDelay must be > 0: " + firstDelay);
        }
        if (longestDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException(
                    "longestDelay must be at least firstDelay, " + firstDelay + ": " + longestDelay);
        }
        if (longestRetryAfter.isNegative()) {
            throw new IllegalArgumentException("longestRetryAfter must be >= 0: " + longestRetryAfter);
        }
    }

    /**
     * The pause after attempt number {@code failed}, from 1, or empty to give up. Half of it is drawn at random, so that many
     * clients refused at once do not come back at once. Never shorter than what the server asked for.
     */
    public Optional<Duration> delay(int failed, Optional<Duration> retryAfter, RandomGenerator random) {
        if (failed >= attempts
                || retryAfter
                        .filter(asked -> asked.compareTo(longestRetryAfter) > 0)
                        .isPresent()) {
            return Optional.empty();
        }
        Duration backoff = jittered(backoff(failed), random);
        return Optional.of(retryAfter
                .map(asked -> asked.plus(jitterOver(asked, random)))
                .filter(asked -> asked.compareTo(backoff) > 0)
                .orElse(backoff));
    }

    private Duration backoff(int failed) {
        Duration delay = firstDelay;
        for (int i = 1; i < failed && delay.compareTo(longestDelay) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(longestDelay) < 0 ? delay : longestDelay;
    }

    private static Duration jittered(Duration delay, RandomGenerator random) {
        long half = delay.toNanos() / 2;
        return Duration.ofNanos(delay.toNanos() - (half == 0 ? 0 : random.nextLong(half)));
    }

    private static Duration jitterOver(Duration asked, RandomGenerator random) {
        long tenth = asked.toNanos() / 10;
        return Duration.ofNanos(tenth == 0 ? 0 : random.nextLong(tenth));
    }
}
