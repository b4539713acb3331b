package io.ferrymesh.migration;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The segments of one object that are written and verified, and not safe yet: so many bytes at the most, beside a
 * segment of each lane, or for so long, while the object is kept beyond the process. Any lane worker.
 */
final class Checkpoint {

    /** How long the first of them waits at most, as long as others come. */
    private static final long LONGEST_MS = 5_000;

    /** Of the most bytes, the part at which somebody is asked to make them safe, while others come. */
    private static final int PARTS = 4;

    /** Whether what gathered is to be made safe. */
    enum Due {
        NOT_YET,
        /** By somebody, while the lanes go on. Said once until it was taken. */
        SOON,
        /** Before the lane goes on: whoever was to do so does not keep up. */
        NOW
    }

    /** Some that are being made safe. */
    record Taken(List<SafeSegment> segments, long bytes) {}

    private final long mostBytes;
    private final InstantSource clock;

    // under this
    private List<SafeSegment> gathered = new ArrayList<>();
    private long bytes;
    private long takenBytes;
    private long sinceMs;
    private boolean said;

    Checkpoint(long mostBytes, InstantSource clock) {
        this.mostBytes = mostBytes;
        this.clock = clock;
    }

    /** Takes one more. */
    synchronized Due add(SafeSegment segment, int length) {
        long nowMs = clock.millis();
        if (gathered.isEmpty()) {
            sinceMs = nowMs;
        }
        gathered.add(segment);
        bytes += length;
        if (bytes + takenBytes >= mostBytes) {
            return Due.NOW;
        }
        if (said || (bytes < mostBytes / PARTS && nowMs - sinceMs < LONGEST_MS)) {
            return Due.NOT_YET;
        }
        said = true;
        return Due.SOON;
    }

    /** Hands them over; there are none left then. Followed by {@link #done}. */
    synchronized Taken take() {
        Taken taken = new Taken(gathered, bytes);
        gathered = new ArrayList<>();
        takenBytes += bytes;
        bytes = 0;
        said = false;
        return taken;
    }

    /** They are safe, or nobody asks any more. */
    synchronized void done(Taken taken) {
        takenBytes -= taken.bytes();
    }
}
