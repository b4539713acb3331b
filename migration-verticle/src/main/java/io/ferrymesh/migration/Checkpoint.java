package io.ferrymesh.migration;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The segments of one object that are written and verified, and not journaled yet: so many bytes at the most, or for so long,
 * while the object is kept beyond the process. Any lane worker.
 */
final class Checkpoint {

    /** How long the first of them waits at most, as long as others come. */
    private static final long LONGEST_MS = 5_000;

    private final long mostBytes;
    private final InstantSource clock;

    // under this
    private List<SafeSegment> gathered = new ArrayList<>();
    private long bytes;
    private long sinceMs;

    Checkpoint(long mostBytes, InstantSource clock) {
        this.mostBytes = mostBytes;
        this.clock = clock;
    }

    /**
     * Takes one more.
     *
     * @return whether it is time to make them safe
     */
    synchronized boolean add(SafeSegment segment, int length) {
        long nowMs = clock.millis();
        if (gathered.isEmpty()) {
            sinceMs = nowMs;
        }
        gathered.add(segment);
        bytes += length;
        return bytes >= mostBytes || nowMs - sinceMs >= LONGEST_MS;
    }

    /** Hands them over; there are none left then. */
    synchronized List<SafeSegment> take() {
        List<SafeSegment> taken = gathered;
        gathered = new ArrayList<>();
        bytes = 0;
        return taken;
    }
}
