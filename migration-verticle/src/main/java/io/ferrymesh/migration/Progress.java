package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.Skipped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what one migration has done so far, and keeps its first {@link #MAX_PROBLEMS} problems. Any thread. */
final class Progress {

    static final int MAX_PROBLEMS = 1_000;

    /** Characters of their names kept in all. */
    private static final int MAX_PROBLEM_CHARS = 256 << 10;

    private final LongAdder objectsListed = new LongAdder();
    private final LongAdder bytesListed = new LongAdder();
    private final LongAdder objectsStored = new LongAdder();
    private final LongAdder objectsPresent = new LongAdder();
    private final LongAdder objectsFailed = new LongAdder();
    private final LongAdder objectsSkipped = new LongAdder();
    private final LongAdder entriesUnreadable = new LongAdder();
    private final LongAdder bytesMoved = new LongAdder();
    private final LongAdder bytesDone = new LongAdder();
    private final List<Problem> problems = new ArrayList<>();
    private int problemChars; // under problems
    private volatile boolean listingComplete;

    void listed(long bytes) {
        objectsListed.increment();
        bytesListed.add(bytes);
    }

    void listingComplete() {
        listingComplete = true;
    }

    void skipped(Skipped skipped) {
        (skipped.reason().isFailure() ? entriesUnreadable : objectsSkipped).increment();
        keep(new Problem(
                skipped.name(), skipped.reason().name(), skipped.reason().isFailure()));
    }

    /** Bytes on their way into place, for a progress bar that moves inside a large object. */
    void moved(long bytes) {
        bytesMoved.add(bytes);
    }

    void decided(ObjectInfo info, Outcome outcome) {
        switch (outcome.kind()) {
            case STORED -> objectsStored.increment();
            case PRESENT -> objectsPresent.increment();
            case FAILED -> objectsFailed.increment();
        }
        if (outcome.arrived()) {
            bytesDone.add(info.size());
        }
        ErrorCode error = outcome.error();
        if (error != null) {
            keep(new Problem(info.path().toString(), error.name(), true));
        }
    }

    MigrationCounts counts() {
        return new MigrationCounts(
                objectsListed.sum(),
                bytesListed.sum(),
                listingComplete,
                objectsStored.sum(),
                objectsPresent.sum(),
                objectsFailed.sum() + entriesUnreadable.sum(),
                objectsSkipped.sum(),
                bytesMoved.sum(),
                bytesDone.sum());
    }

    /** One line for the log: how it ended, with the number of failures by code among the problems kept. */
    String summary() {
        MigrationCounts counts = counts();
        Map<String, Long> failures = new TreeMap<>();
        problems().stream().filter(Problem::failure).forEach(problem -> failures.merge(problem.code(), 1L, Long::sum));
        return "%d stored, %d present, %d failed %s, %d skipped"
                .formatted(
                        counts.objectsStored(),
                        counts.objectsPresent(),
                        counts.objectsFailed(),
                        failures,
                        counts.objectsSkipped());
    }

    List<Problem> problems() {
        synchronized (problems) {
            return List.copyOf(problems);
        }
    }

    private void keep(Problem problem) {
        synchronized (problems) {
            if (problems.size() < MAX_PROBLEMS && problemChars + problem.name().length() <= MAX_PROBLEM_CHARS) {
                problems.add(problem);
                problemChars += problem.name().length();
            }
        }
    }
}
