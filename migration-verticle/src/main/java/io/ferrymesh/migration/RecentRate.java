package io.ferrymesh.migration;

import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How fast the migrations of this process have been of late while objects were coming and no user's limit held them back: a moving
 * average over about {@link #MEMORY_NANOS} of such time, in which an object counts as {@link LaneTuner#OBJECT_COST} besides its
 * bytes. It is forgotten after a day. Any thread.
 */
final class RecentRate {

    /** How much time the average is over. */
    static final double MEMORY_NANOS = 120e9;

    /** What less time of measuring says is chance. */
    static final double LEAST_NANOS = 3e9;

    static final long FORGOTTEN_NANOS = 86_400L * 1_000_000_000;

    private final LongSupplier nanoClock;

    // under this
    private double cost;
    private double nanos;
    private long lastNanos;

    RecentRate(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** One migration has brought so much in so long. */
    synchronized void add(long costMoved, long tookNanos) {
        double kept = Math.exp(-tookNanos / MEMORY_NANOS);
        cost = cost * kept + costMoved;
        nanos = nanos * kept + tookNanos;
        lastNanos = nanoClock.getAsLong();
    }

    /** What one migration may expect; empty while too little, or nothing of late, is known. */
    synchronized Optional<Throughput> get() {
        boolean old = nanoClock.getAsLong() - lastNanos > FORGOTTEN_NANOS;
        return nanos < LEAST_NANOS || old
                ? Optional.empty()
                : Optional.of(new Throughput(cost * 1e9 / nanos, LaneTuner.OBJECT_COST));
    }
}
