package io.ferrymesh.migration;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The segments of one object that are written and verified, and not journaled yet: about so many bytes, twice as many at the
 * most, or for so long, while the object is kept beyond the process. Any lane worker.
 */
final class Checkpoint {

    /** How long the first of them waits at most, as long as others come. */
    private static final long LONGEST_MS = 5_000;

    /** Whether what gathered is to be made safe. */
    enum Due {
        NOT_YET,
        /** By somebody, while the lanes go on. Said once until it was taken. */
        SOON,
        /** Before the lane goes on: whoever was to do so does not keep up. */
        NOW
    }

    private final long bytesDue;
    private final InstantSource clock;

    // under this
    private List<SafeSegment> gathered = new ArrayList<>();
    private long bytes;
    private long sinceMs;
    private boolean said;

    Checkpoint(long bytesDue, InstantSource clock) {
        this.bytesDue = bytesDue;
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
        if (bytes >= 2 * bytesDue) {
            return Due.NOW;
        }
        if (said || (bytes < bytesDue && nowMs - sinceMs < LONGEST_MS)) {
            return Due.NOT_YET;
        }
        said = true;
        return Due.SOON;
    }

    /** Hands them over; there are none left then. */
    synchronized List<SafeSegment> take() {
        List<SafeSegment> taken = gathered;
        gathered = new ArrayList<>();
        bytes = 0;
        said = false;
        return taken;
    }
}
