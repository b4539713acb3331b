package io.ferrymesh.benchmarks.transfer;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Times something and watches what both its ends use meanwhile. Memory is sampled, so a short peak can be missed. */
final class Meter implements AutoCloseable {

    private static final long SAMPLE_MS = 100;

    private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "sampler");
        thread.setDaemon(true);
        return thread;
    });

    /** What one end used. */
    record Usage(double cpuSeconds, long peakBytes) {}

    /** What was measured, from the start. */
    record Reading(double seconds, Usage source, Usage destination) {}

    /** Starts now. */
    Running start(Side source, Side destination) {
        return new Running(new Watch(source), new Watch(destination));
    }

    @Override
    public void close() {
        sampler.shutdownNow();
    }

    /** One end, watched. */
    private static final class Watch {

        private final Side side;
        private final double cpuBefore;
        private volatile long peak;

        Watch(Side side) {
            this.side = side;
            this.cpuBefore = side.cpuSeconds();
        }

        /** Sampler only. */
        void sample() {
            peak = Math.max(peak, side.residentBytes());
        }

        Usage usage() {
            return new Usage(side.cpuSeconds() - cpuBefore, peak);
        }
    }

    /** A measurement that has begun. */
    final class Running implements AutoCloseable {

        private final Watch source;
        private final Watch destination;
        private final ScheduledFuture<?> samples;
        private final long start;

        private Running(Watch source, Watch destination) {
            this.source = source;
            this.destination = destination;
            this.samples = sampler.scheduleAtFixedRate(this::sample, 0, SAMPLE_MS, TimeUnit.MILLISECONDS);
            this.start = System.nanoTime();
        }

        private void sample() {
            source.sample();
            destination.sample();
        }

        /** Time and use so far; may be asked more than once. */
        Reading read() {
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Reading(seconds, source.usage(), destination.usage());
        }

        @Override
        public void close() {
            boolean unused = samples.cancel(false);
        }
    }
}
