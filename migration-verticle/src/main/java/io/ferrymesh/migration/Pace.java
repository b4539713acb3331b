package io.ferrymesh.migration;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.function.LongSupplier;

/**
 * How fast the data lanes of one migration get their credit back. Without a limit, at once. With one, at that rate over all lanes,
 * in turns, and no more is outstanding than half a second's worth, or one frame a lane if that is more. Credit that the source has
 * cannot be taken back: after a limit is lowered it may still use a window. Any thread.
 */
final class Pace {

    /** Timers are not finer than this. */
    private static final long SHORTEST_WAIT_MS = 5;

    private static final long NANOS_A_SECOND = 1_000_000_000;

    private final LongSupplier nanoClock;
    private final Later later;

    // under this
    private final List<PacedLane> lanes = new ArrayList<>();
    private OptionalLong limit;
    private double allowance;
    private long filledAtNanos;
    private int turn;
    private boolean waiting;

    /** Credit that is due to a lane once it is its turn. */
    private record Due(long bytes, Runnable grant) {}

    /** @param limit in bytes a second */
    Pace(OptionalLong limit, LongSupplier nanoClock, Later later) {
        this.limit = limit;
        this.nanoClock = nanoClock;
        this.later = later;
        this.filledAtNanos = nanoClock.getAsLong();
    }

    /** Changes the limit, in bytes a second; empty for none. */
    void limit(OptionalLong bytesPerSecond) {
        TransferOptions.requireRate(bytesPerSecond);
        synchronized (this) {
            fill();
            limit = bytesPerSecond;
        }
        drain();
    }

    /** Whether there is a limit. */
    synchronized boolean isLimited() {
        return limit.isPresent();
    }

    /**
     * A lane that opens with a window of so many bytes.
     *
     * @param grant gives it more
     */
    PacedLane open(long windowBytes, java.util.function.LongConsumer grant) {
        PacedLane lane = new PacedLane();
        synchronized (this) {
            lanes.add(lane);
            lane.firstCredit = limit.isEmpty() ? windowBytes : Math.min(windowBytes, Lanes.MAX_FRAME_BYTES);
            lane.outstanding = lane.firstCredit;
            for (long left = windowBytes - lane.firstCredit; left > 0; left -= Lanes.MAX_FRAME_BYTES) {
                long part = Math.min(left, Lanes.MAX_FRAME_BYTES);
                lane.due.add(new Due(part, () -> grant.accept(part)));
            }
        }
        return lane;
    }

    private void drain() {
        Due next;
        while ((next = next()) != null) {
            next.grant.run();
        }
    }

    /** Whose turn it is; null when nobody's now. */
    private synchronized @org.jspecify.annotations.Nullable Due next() {
        fill();
        if (limit.isPresent() && allowance <= 0) {
            waitForAllowance();
            return null;
        }
        for (int i = 0; i < lanes.size(); i++) {
            PacedLane lane = lanes.get((turn + i) % lanes.size());
            Due due = lane.mayHaveMore() ? lane.due.poll() : null;
            if (due != null) {
                turn = (turn + i + 1) % lanes.size();
                lane.outstanding += due.bytes;
                allowance -= limit.isPresent() ? due.bytes : 0;
                return due;
            }
        }
        return null;
    }

    private void fill() {
        long now = nanoClock.getAsLong();
        if (limit.isPresent()) {
            double rate = limit.getAsLong();
            allowance = Math.min(rate / 2, allowance + rate * (now - filledAtNanos) / NANOS_A_SECOND);
        } else {
            allowance = 0;
        }
        filledAtNanos = now;
    }

    private void waitForAllowance() {
        boolean wanted = lanes.stream().anyMatch(lane -> lane.mayHaveMore() && !lane.due.isEmpty());
        if (waiting || !wanted) {
            return;
        }
        waiting = true;
        double ms = 1 - allowance * 1_000 / limit.getAsLong();
        later.after(Math.max(SHORTEST_WAIT_MS, (long) Math.min(ms, 1_000)), () -> {
            synchronized (this) {
                waiting = false;
            }
            drain();
        });
    }

    /** What one lane has of it. */
    final class PacedLane {

        private final Queue<Due> due = new ArrayDeque<>();
        private long firstCredit;
        private long outstanding;
        private boolean used;

        /** The credit it opens with. */
        long firstCredit() {
            synchronized (Pace.this) {
                return firstCredit;
            }
        }

        /** The source has used so much credit. */
        void received(long bytes) {
            synchronized (Pace.this) {
                outstanding -= bytes;
                used = true;
            }
        }

        /**
         * So much credit may go back, by {@code grant}, which runs now or when it is its turn. With nothing, of a window that shrinks, what
         * is due from before may have its turn now.
         */
        void giveBack(long bytes, Runnable grant) {
            synchronized (Pace.this) {
                if (bytes > 0) {
                    due.add(new Due(bytes, grant));
                }
            }
            drain();
        }

        /** It is used from now on, and needs so much credit for that. */
        void begin(long bytes, Runnable grant) {
            synchronized (Pace.this) {
                used = true;
            }
            giveBack(bytes, grant);
        }

        /** Enough for one frame is always outstanding or allowed, or a lane could never go on. Before its first frame it has that. */
        private boolean mayHaveMore() {
            long most = limit.isEmpty()
                    ? Long.MAX_VALUE
                    : Math.max(Lanes.MAX_FRAME_BYTES, limit.getAsLong() / 2 / lanes.size());
            return used && outstanding < most;
        }
    }
}
