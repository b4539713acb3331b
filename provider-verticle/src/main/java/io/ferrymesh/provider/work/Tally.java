package io.ferrymesh.provider.work;

import io.ferrymesh.provider.engine.Progress;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the runs of this process came to since it started. Any thread. */
final class Tally {

    /** How a run ended that both ends signed for, or that only looked. */
    static final String COMPLETED = "COMPLETED";

    private final Map<String, LongAdder> ended = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> retried = new ConcurrentHashMap<>();
    private final LongAdder objects = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    /** A run has come from one point to another. */
    void moved(Progress from, Progress to) {
        objects.add(Math.max(0, to.objectsDone() - from.objectsDone()));
        failed.add(Math.max(0, to.objectsFailed() - from.objectsFailed()));
        bytes.add(Math.max(0, to.bytesMoved() - from.bytesMoved()));
    }

    /** A run has ended so. */
    void ended(String code) {
        ended.computeIfAbsent(code, none -> new LongAdder()).increment();
    }

    /** One that ended so is begun again. */
    void retried(String code) {
        retried.computeIfAbsent(code, none -> new LongAdder()).increment();
    }

    /** All of it, as it is now. */
    RunFigures figures() {
        return new RunFigures(sums(ended), sums(retried), objects.sum(), failed.sum(), bytes.sum());
    }

    private static Map<String, Long> sums(Map<String, LongAdder> of) {
        Map<String, Long> sums = new TreeMap<>();
        of.forEach((code, count) -> sums.put(code, count.sum()));
        return sums;
    }
}
