package io.ferrymesh.provider;

import io.ferrymesh.mesh.ErrorCode;
import java.util.random.RandomGenerator;

/**
 * When to ask the key centre again after it refused: twice as long each time up to a most, of which a random part is taken
 * off, so that providers that were refused together do not come back together. Not thread-safe. Times are in milliseconds.
 */
final class Backoff {

    private static final int MAX_DOUBLINGS = 16;

    private final RandomGenerator random;
    private int failures;
    private long dueAt = Long.MIN_VALUE;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    boolean isDue(long nowMs) {
        return nowMs >= dueAt;
    }

    /** How long until it is due, at least one. */
    long msLeft(long nowMs) {
        return isDue(nowMs) ? 1 : dueAt - nowMs;
    }

    void succeeded() {
        failures = 0;
        dueAt = Long.MIN_VALUE;
    }

    /** Between half of the wait and all of it. */
    void failed(ErrorCode why, long nowMs) {
        long wait = Math.min(mostMs(why), leastMs(why) << Math.min(failures, MAX_DOUBLINGS));
        failures++;
        dueAt = nowMs + wait - random.nextLong(wait / 2 + 1);
    }

    /** What passes by itself is tried soon; what takes an operator, or another day, is not asked for all the time. */
    private static long leastMs(ErrorCode why) {
        return isLasting(why) ? 60_000 : 1_000;
    }

    private static long mostMs(ErrorCode why) {
        return isLasting(why) ? 600_000 : 60_000;
    }

    private static boolean isLasting(ErrorCode why) {
        return why == ErrorCode.QUOTA_EXCEEDED || why == ErrorCode.REVOKED || why == ErrorCode.NOT_ENROLLED;
    }
}
