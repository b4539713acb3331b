package io.ferrymesh.migration;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * A world with a time of its own in which one thing happens after the other: the same seed gives the same course of events.
 * What happens at the same moment happens in an order that the seed draws. One thread.
 */
final class SimWorld {

    /** More than any scenario needs: something goes round in circles. */
    private static final long MOST_EVENTS = 5_000_000;

    final Random random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nowNanos;
    private long scheduled;
    private long happened;

    private record Event(long atNanos, long order, long number, Runnable task, AtomicBoolean cancelled)
            implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            int byDraw = byTime != 0 ? byTime : Long.compare(order, other.order);
            return byDraw != 0 ? byDraw : Long.compare(number, other.number);
        }
    }

    SimWorld(long seed) {
        this.random = new Random(seed);
    }

    long nanos() {
        return nowNanos;
    }

    long millis() {
        return nowNanos / 1_000_000;
    }

    /** Has something happen later; the result takes it back. */
    Runnable after(long nanos, Runnable task) {
        AtomicBoolean cancelled = new AtomicBoolean();
        events.add(new Event(nowNanos + Math.max(0, nanos), random.nextInt(), scheduled++, task, cancelled));
        return () -> cancelled.set(true);
    }

    /** A moment from 0 to {@code most}, in nanoseconds. */
    long upTo(Duration most) {
        return (long) (random.nextDouble() * most.toNanos());
    }

    boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    /** Lets things happen until something holds or so much time has passed; returns whether it holds. */
    boolean runUntil(BooleanSupplier holds, Duration most) {
        long end = nowNanos + most.toNanos();
        while (!holds.getAsBoolean()) {
            Event next = events.peek();
            if (next == null || next.atNanos > end) {
                nowNanos = end;
                return holds.getAsBoolean();
            }
            events.remove();
            if (next.cancelled.get()) {
                continue;
            }
            if (++happened > MOST_EVENTS) {
                throw new AssertionError("more than " + MOST_EVENTS + " events");
            }
            nowNanos = next.atNanos;
            next.task.run();
        }
        return true;
    }

    /** This world's time, from a fixed day on. */
    Clock clock() {
        return new Clock() {
            @Override
            public Instant instant() {
                return Fixture.NOW.plusNanos(nowNanos);
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
    }

    /** Secrets that the seed draws, for this world only. */
    SecureRandom secrets() {
        return new SecureRandom() {
            @Override
            public void nextBytes(byte[] bytes) {
                if (random != null) { // the super constructor may ask
                    random.nextBytes(bytes);
                }
            }

            @Override
            public int nextInt() {
                return random.nextInt();
            }

            @Override
            public long nextLong() {
                return random.nextLong();
            }
        };
    }
}
