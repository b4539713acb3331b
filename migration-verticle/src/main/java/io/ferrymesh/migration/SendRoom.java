package io.ferrymesh.migration;

import java.util.concurrent.atomic.AtomicInteger;

/** How many sealed frames may wait for credit on each lane that a process sends on, so that all of them fit a budget. Any thread. */
final class SendRoom {

    /** What a lane needs to be kept busy. */
    static final int MOST_FRAMES = 4;

    private final long bytes;
    private final AtomicInteger lanes = new AtomicInteger();

    SendRoom(long bytes) {
        this.bytes = bytes;
    }

    void opened() {
        lanes.incrementAndGet();
    }

    void closed() {
        lanes.decrementAndGet();
    }

    /** Frames that may wait on one lane: at least one. */
    int frames() {
        long each = bytes / Lanes.MAX_FRAME_BYTES / Math.max(1, lanes.get());
        return (int) Math.max(1, Math.min(MOST_FRAMES, each));
    }
}
