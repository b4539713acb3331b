package io.ferrymesh.benchmarks.transfer;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Times something and watches what both its ends use meanwhile. Memory is sampled, so a short peak can be missed. */
public final class Meter implements AutoCloseable {

    private static final long SAMPLE_MS = 100;

    private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "sampler");
        thread.setDaemon(true);
        return thread;
    });

    /** What one end used. */
    public record Usage(double cpuSeconds, long peakBytes) {}

    /** What was measured, from the start. */
    public record Reading(double seconds, Usage source, Usage destination, double othersCpuSeconds) {

        /** The same with another time, for something that was over before it was noticed. */
        Reading took(Duration time) {
            return new Reading(time.toNanos() / 1e9, source, destination, othersCpuSeconds);
        }

        /** How much of the machine somebody else used, the kernel's own threads included. */
        public double othersShare() {
            return othersCpuSeconds / seconds / Runtime.getRuntime().availableProcessors();
        }
    }

    /** Starts now. */
    public Running start(Side source, Side destination) throws IOException {
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
    public final class Running implements AutoCloseable {

        private final Watch source;
        private final Watch destination;
        private final ScheduledFuture<?> samples;
        private final double machineBefore;
        private final double ownBefore;
        private final long start;

        private Running(Watch source, Watch destination) throws IOException {
            this.source = source;
            this.destination = destination;
            this.samples = sampler.scheduleAtFixedRate(this::sample, 0, SAMPLE_MS, TimeUnit.MILLISECONDS);
            this.machineBefore = Proc.machineSeconds();
            this.ownBefore = Proc.ownSeconds();
            this.start = System.nanoTime();
        }

        private void sample() {
            source.sample();
            destination.sample();
        }

        /** Time and use so far; may be asked more than once. */
        public Reading read() throws IOException {
            double seconds = (System.nanoTime() - start) / 1e9;
            double machine = Proc.machineSeconds() - machineBefore;
            double own = Proc.ownSeconds() - ownBefore;
            Usage from = source.usage();
            Usage to = destination.usage();
            double others = Math.max(0, machine - own - from.cpuSeconds() - to.cpuSeconds());
            return new Reading(seconds, from, to, others);
        }

        @Override
        public void close() {
            boolean unused = samples.cancel(false);
        }
    }
}
