package io.ferrymesh.migration;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Gathers what became of objects and hands it on in batches, on the thread that fills one. Any lane worker. */
final class ResultBatches {

    /** Most results in one batch. */
    static final int MOST = 512;

    /** How long the first of a batch waits, as long as others come. */
    private static final long LONGEST_MS = 1_000;

    private final ObjectLog log;
    private final Clock clock;

    // under this
    private List<ObjectResult> gathered = new ArrayList<>();
    private long sinceMs;

    ResultBatches(ObjectLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    /** Takes one more. When this returns, it is handed on or waits for {@link #flush}. */
    void add(ObjectResult result) {
        List<ObjectResult> batch;
        synchronized (this) {
            long nowMs = clock.millis();
            if (gathered.isEmpty()) {
                sinceMs = nowMs;
            }
            gathered.add(result);
            if (gathered.size() < MOST && nowMs - sinceMs < LONGEST_MS) {
                return;
            }
            batch = take();
        }
        log.add(batch);
    }

    /** Hands on what is left. */
    void flush() {
        List<ObjectResult> batch;
        synchronized (this) {
            batch = take();
        }
        if (!batch.isEmpty()) {
            log.add(batch);
        }
    }

    private List<ObjectResult> take() {
        List<ObjectResult> batch = gathered;
        gathered = new ArrayList<>();
        return batch;
    }
}
