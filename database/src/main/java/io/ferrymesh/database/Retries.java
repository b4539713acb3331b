package io.ferrymesh.database;

import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Does something again while it fails for a reason that passes: a bounded number of times and for a bounded time, after waits
 * that grow and are drawn at random, so that two which got in each other's way do not meet again.
 */
final class Retries {

    /** Time, as a test can give it. */
    interface Waiting {

        /** A clock that only goes forward. */
        long nowMs();

        /** Lets time pass. */
        void sleep(long ms) throws InterruptedException;
    }

    private static final long FIRST_WAIT_MS = 4;
    private static final long LONGEST_WAIT_MS = 250;
    static final long LONGEST_MS = 10_000;

    private static final Waiting REAL = new Waiting() {
        @Override
        public long nowMs() {
            return System.nanoTime() / 1_000_000;
        }

        @Override
        public void sleep(long ms) throws InterruptedException {
            Thread.sleep(ms);
        }
    };

    private final int attempts;
    private final long longestMs;
    private final RandomGenerator random;
    private final Waiting waiting;

    Retries(int attempts, RandomGenerator random) {
        this(attempts, random, LONGEST_MS);
    }

    /** One that begins nothing again after so long. */
    Retries(int attempts, RandomGenerator random, long longestMs) {
        this(attempts, random, longestMs, REAL);
    }

    Retries(int attempts, RandomGenerator random, long longestMs, Waiting waiting) {
        this.attempts = attempts;
        this.longestMs = longestMs;
        this.random = random;
        this.waiting = waiting;
    }

    /** What it gives at last, or throws when it failed for another reason or too often. */
    <T> T of(Supplier<T> work, Predicate<RuntimeException> passes) {
        long until = waiting.nowMs() + longestMs;
        for (int attempt = 1; ; attempt++) {
            try {
                return work.get();
            } catch (RuntimeException e) {
                if (attempt == attempts || !passes.test(e) || waiting.nowMs() >= until || !waited(attempt)) {
                    throw e;
                }
            }
        }
    }

    /** Whether it waited, and was not asked to stop. */
    private boolean waited(int attempt) {
        long bound = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS << attempt);
        try {
            waiting.sleep(1 + random.nextLong(bound));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
