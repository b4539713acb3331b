package io.ferrymesh.web;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * For the log: something that anybody can make happen, or that happens to every request while something is away, is said now and
 * then and counted in between, so that it fills no disk and hides nothing else. Any thread.
 */
public final class Seldom {

    /** Between two lines. */
    public static final long EVERY_MS = 5_000;

    private final LongSupplier nowMs;
    private boolean said; // under this, and what follows
    private long saidAtMs;
    private long unsaid;

    /** With the system's clock. */
    public Seldom() {
        this(() -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    }

    /** With a clock whose differences count. */
    public Seldom(LongSupplier nowMs) {
        this.nowMs = nowMs;
    }

    /** It happened. Empty if it is not to be said now; else how often it happened since it was said last and was not said. */
    public synchronized OptionalLong happened() {
        long now = nowMs.getAsLong();
        if (said && now - saidAtMs < EVERY_MS) {
            unsaid++;
            return OptionalLong.empty();
        }
        long before = unsaid;
        said = true;
        saidAtMs = now;
        unsaid = 0;
        return OptionalLong.of(before);
    }
}
