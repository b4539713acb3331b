package io.ferrymesh.migration;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Gathers what became of objects and journals it in batches, on the thread that fills one. Any lane worker. */
final class ResultBatches {

    /** How long the first of a batch waits, as long as others come. */
    private static final long LONGEST_MS = 1_000;

    private final Journal journal;
    private final InstantSource clock;

    // under this
    private List<JournalEntry> gathered = new ArrayList<>();
    private long sinceMs;

    ResultBatches(Journal journal, InstantSource clock) {
        this.journal = journal;
        this.clock = clock;
    }

    /** Takes one more. When this returns, it is journaled or waits for {@link #flush}. */
    void add(JournalEntry entry) {
        List<JournalEntry> batch;
        synchronized (this) {
            long nowMs = clock.millis();
            if (gathered.isEmpty()) {
                sinceMs = nowMs;
            }
            gathered.add(entry);
            if (gathered.size() < Journal.AT_ONCE && nowMs - sinceMs < LONGEST_MS) {
                return;
            }
            batch = take();
        }
        journal.add(batch);
    }

    /** Takes some, and returns when they are journaled, with what has gathered before. */
    void addNow(List<JournalEntry> entries) {
        List<JournalEntry> all;
        synchronized (this) {
            all = take();
        }
        all.addAll(entries);
        journal(all);
    }

    /** Journals what is left. */
    void flush() {
        addNow(List.of());
    }

    private void journal(List<JournalEntry> all) {
        for (int i = 0; i < all.size(); i += Journal.AT_ONCE) {
            journal.add(List.copyOf(all.subList(i, Math.min(all.size(), i + Journal.AT_ONCE))));
        }
    }

    private List<JournalEntry> take() {
        List<JournalEntry> batch = gathered;
        gathered = new ArrayList<>();
        return batch;
    }
}
