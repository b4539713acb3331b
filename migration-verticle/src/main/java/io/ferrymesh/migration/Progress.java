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
    private final LongAdder objectsExcluded = new LongAdder();
    private final LongAdder bytesExcluded = new LongAdder();
    private final LongAdder entriesUnreadable = new LongAdder();
    private final LongAdder bytesMoved = new LongAdder();
    private final LongAdder bytesDone = new LongAdder();
    private final LongAdder steps = new LongAdder();
    private final List<Problem> problems = new ArrayList<>();
    private int problemChars; // under problems
    private volatile boolean listingComplete;

    /** Something was done that no count shows, such as a segment that was read to be compared. */
    void step() {
        steps.increment();
    }

    /** How much was done so far, by no measure: as long as this is the same, nothing was. */
    long steps() {
        return steps.sum();
    }

    void listed(long bytes) {
        step();
        objectsListed.increment();
        bytesListed.add(bytes);
    }

    /** An object that was listed has another size now. */
    void listedAgain(long bytesBefore, long bytesNow) {
        bytesListed.add(bytesNow - bytesBefore);
    }

    /** How many objects have arrived, or were there. */
    long objectsArrived() {
        return objectsStored.sum() + objectsPresent.sum();
    }

    void listingComplete() {
        listingComplete = true;
    }

    void skipped(Skipped skipped) {
        step();
        (skipped.reason().isFailure() ? entriesUnreadable : objectsSkipped).increment();
        keep(new Problem(
                skipped.name(), skipped.reason().name(), skipped.reason().isFailure()));
    }

    /** Bytes on their way into place, for a progress bar that moves inside a large object. */
    void moved(long bytes) {
        step();
        bytesMoved.add(bytes);
    }

    void decided(ObjectInfo info, Outcome outcome) {
        step();
        switch (outcome.kind()) {
            case STORED -> objectsStored.increment();
            case PRESENT -> objectsPresent.increment();
            case FAILED -> objectsFailed.increment();
            case EXCLUDED -> {
                objectsExcluded.increment();
                bytesExcluded.add(info.size());
            }
            case NEWER_THERE -> {
                objectsSkipped.increment();
                note(info, outcome.wireName());
            }
            case LOOKED -> {}
        }
        if (outcome.arrived()) {
            bytesDone.add(info.size());
        }
        ErrorCode error = outcome.error();
        if (error != null) {
            keep(new Problem(info.path().toString(), error.name(), true));
        }
    }

    /** Something worth knowing of an object, which is no failure. */
    void note(ObjectInfo info, String code) {
        keep(new Problem(info.path().toString(), code, false));
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
                objectsExcluded.sum(),
                bytesExcluded.sum(),
                bytesMoved.sum(),
                bytesDone.sum());
    }

    /** One line for the log: how it ended, with the number of failures by code among the problems kept. */
    String summary() {
        MigrationCounts counts = counts();
        Map<String, Long> failures = new TreeMap<>();
        problems().stream().filter(Problem::failure).forEach(problem -> failures.merge(problem.code(), 1L, Long::sum));
        return "%d stored, %d present, %d failed %s, %d skipped, %d excluded"
                .formatted(
                        counts.objectsStored(),
                        counts.objectsPresent(),
                        counts.objectsFailed(),
                        failures,
                        counts.objectsSkipped(),
                        counts.objectsExcluded());
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
