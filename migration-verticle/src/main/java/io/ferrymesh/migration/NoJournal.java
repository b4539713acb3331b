package io.ferrymesh.migration;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Of a destination that remembers nothing: each run begins from what is in its store. */
final class NoJournal implements Journal {

    @Override
    public void add(List<JournalEntry> decided) {}

    @Override
    public Map<ObjectPath, Arrived> arrived(Collection<ObjectPath> of) {
        return Map.of();
    }

    @Override
    public List<SafeSegment> segments(ObjectPath of, int from, int most) {
        return List.of();
    }

    @Override
    public Optional<Unfinished> unfinished(ObjectPath path) {
        return Optional.empty();
    }

    @Override
    public void begun(ObjectInfo listed, ObjectMetadata metadata, String token) {}

    @Override
    public boolean isKept() {
        return false;
    }

    @Override
    public void safe(ObjectPath of, List<SafeSegment> segments) {}

    @Override
    public void dropped(Collection<ObjectPath> paths) {}

    @Override
    public void requireCurrent() {}
}
