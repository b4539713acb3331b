package io.ferrymesh.migration;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts for how many objects a journal is asked at once. */
record CountingJournal(Journal journal, List<Integer> asked) implements Journal {

    @Override
    public void add(List<JournalEntry> decided) {
        journal.add(decided);
    }

    @Override
    public Map<ObjectPath, Arrived> arrived(Collection<ObjectPath> of) {
        asked.add(of.size());
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
