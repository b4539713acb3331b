package io.ferrymesh.cli;

import io.ferrymesh.migration.Arrived;
import io.ferrymesh.migration.Journal;
import io.ferrymesh.migration.JournalEntry;
import io.ferrymesh.migration.ObjectResult;
import io.ferrymesh.migration.SafeSegment;
import io.ferrymesh.migration.Unfinished;
import io.ferrymesh.provider.engine.ObjectOutcome;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A provider's journal as the migration engine wants to see it. */
record JournalAdapter(io.ferrymesh.provider.engine.Journal kept) implements Journal {

    @Override
    public void add(List<JournalEntry> decided) {
        kept.add(decided.stream().map(JournalAdapter::entry).toList());
    }

    @Override
    public Map<ObjectPath, Arrived> arrived(Collection<ObjectPath> of) {
        Map<ObjectPath, Arrived> arrived = new HashMap<>();
        kept.arrived(of)
                .forEach((path, object) -> arrived.put(
                        path,
                        new Arrived(
                                object.listed(),
                                object.at(),
                                object.modifiedHere(),
                                object.etag(),
                                object.stored(),
                                object.digest(),
                                object.voucher())));
        return arrived;
    }

    @Override
    public List<SafeSegment> segments(ObjectPath of, int from, int most) {
        return kept.segments(of, from, most).stream()
                .map(JournalAdapter::segment)
                .toList();
    }

    @Override
    public Optional<Unfinished> unfinished(ObjectPath path) {
        return kept.unfinished(path)
                .map(left -> new Unfinished(
                        left.listed(),
                        left.metadata(),
                        left.token(),
                        left.safe().stream().map(JournalAdapter::segment).toList()));
    }

    @Override
    public void begun(ObjectInfo listed, ObjectMetadata metadata, String token) {
        kept.begun(listed, metadata, token);
    }

    @Override
    public void safe(ObjectPath of, List<SafeSegment> segments) {
        kept.safe(of, segments.stream().map(JournalAdapter::segment).toList());
    }

    @Override
    public boolean wantsHere() {
        return kept.wantsHere();
    }

    @Override
    public void here(List<ObjectInfo> objects) {
        kept.here(objects);
    }

    @Override
    public void allHere() {
        kept.allHere();
    }

    @Override
    public void hiding(Collection<String> names) {
        kept.hiding(names);
    }

    @Override
    public void source(String prefix) {
        kept.source(prefix);
    }

    @Override
    public void listed(Collection<String> names) {
        kept.listed(names);
    }

    @Override
    public void dropped(Collection<ObjectPath> paths) {
        kept.dropped(paths);
    }

    @Override
    public void requireCurrent() {
        kept.requireCurrent();
    }

    private static io.ferrymesh.provider.engine.JournalEntry entry(JournalEntry entry) {
        return new io.ferrymesh.provider.engine.JournalEntry(
                outcome(entry.result()),
                entry.leaf()
                        .map(leaf -> new io.ferrymesh.provider.engine.JournalEntry.Leaf(leaf.index(), leaf.digest())),
                entry.arrived()
                        .map(object -> new io.ferrymesh.provider.engine.Arrived(
                                object.listed(),
                                object.at(),
                                object.modifiedHere(),
                                object.etag(),
                                object.stored(),
                                object.digest(),
                                object.voucher())),
                entry.segments().stream().map(JournalAdapter::segment).toList());
    }

    private static ObjectOutcome outcome(ObjectResult result) {
        ObjectOutcome.Kind kind =
                switch (result.kind()) {
                    case STORED -> ObjectOutcome.Kind.ARRIVED;
                    case PRESENT -> ObjectOutcome.Kind.ALREADY_THERE;
                    case FAILED -> ObjectOutcome.Kind.FAILED;
                    case SKIPPED -> ObjectOutcome.Kind.SKIPPED;
                };
        return new ObjectOutcome(result.path(), kind, result.code(), result.size(), result.sha256());
    }

    private static SafeSegment segment(io.ferrymesh.provider.engine.SafeSegment segment) {
        return new SafeSegment(segment.segment(), segment.digest(), segment.voucher());
    }

    private static io.ferrymesh.provider.engine.SafeSegment segment(SafeSegment segment) {
        return new io.ferrymesh.provider.engine.SafeSegment(segment.segment(), segment.digest(), segment.voucher());
    }
}
