package io.ferrymesh.migration;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects what is said of objects, besides what a journal does with it. Any thread. */
record CollectingJournal(Journal journal, List<ObjectResult> results) implements Journal {

    @Override
    public void add(List<JournalEntry> decided) {
        synchronized (results) {
            decided.forEach(entry -> results.add(entry.result()));
        }
        journal.add(decided);
    }

    @Override
    public Map<ObjectPath, Arrived> arrived(Collection<ObjectPath> of) {

        return journal.arrived(of);
    }

    @Override
    public List<SafeSegment> segments(ObjectPath of, int from, int most) {
        return journal.segments(of, from, most);
    }

    @Override
    public Optional<Unfinished> unfinished(ObjectPath path) {
        return journal.unfinished(path);
    }

    @Override
    public void begun(ObjectInfo listed, ObjectMetadata metadata, String token) {
        journal.begun(listed, metadata, token);
    }

    @Override
    public boolean isKept() {
        return journal.isKept();
    }

    @Override
    public void safe(ObjectPath of, List<SafeSegment> segments) {
        journal.safe(of, segments);
    }

    @Override
    public void dropped(Collection<ObjectPath> paths) {
        journal.dropped(paths);
    }

    @Override
    public void requireCurrent() {
        journal.requireCurrent();
    }
}
