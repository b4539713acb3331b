package io.ferrymesh.migration;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A journal that outlives the engines of a test, which has its hands on every call and on what is kept. */
final class MemoryJournal implements Journal {

    private final Kept kept;
    private final Consumer<String> step;

    /** What a mirror was told, in order. */
    final List<String> listed = new ArrayList<>();

    /** What was said to be here, and a dot at the end. */
    final List<String> here = new ArrayList<>();

    /** What may hide something. */
    final List<String> hiding = new ArrayList<>();

    Optional<String> source = Optional.empty();

    /** What is durable. */
    static final class Kept {
        final List<JournalEntry> entries = new ArrayList<>();
        final Map<ObjectPath, Arrived> arrived = new TreeMap<>();
        final Map<ObjectPath, Map<Integer, SafeSegment>> segments = new TreeMap<>();
        final Map<ObjectPath, Unfinished> unfinished = new TreeMap<>();
        long checkpointBytes = Segments.BYTES;

        /** The numbers of the segments of an unfinished object that are safe. */
        Collection<Integer> safe(ObjectPath path) {
            return unfinished.containsKey(path)
                    ? List.copyOf(segments.getOrDefault(path, Map.of()).keySet())
                    : List.of();
        }
    }

    MemoryJournal() {
        this(step -> {});
    }

    MemoryJournal(Consumer<String> step) {
        this(new Kept(), step);
    }

    /** One process's view of what is kept; {@code step} is told before each write, and may fail it. */
    MemoryJournal(Kept kept, Consumer<String> step) {
        this.kept = kept;
        this.step = step;
    }

    Kept kept() {
        return kept;
    }

    @Override
    public void add(List<JournalEntry> decided) {
        step.accept("add " + decided.size());
        synchronized (kept) {
            for (JournalEntry entry : decided) {
                kept.entries.add(entry);
                entry.arrived().ifPresent(arrived -> {
                    ObjectPath path = arrived.listed().path();
                    kept.arrived.put(path, arrived);
                    kept.unfinished.remove(path);
                    enter(path, entry.segments());
                });
            }
        }
    }

    @Override
    public Map<ObjectPath, Arrived> arrived(Collection<ObjectPath> of) {
        synchronized (kept) {
            Map<ObjectPath, Arrived> found = new HashMap<>();
            of.stream().filter(kept.arrived::containsKey).forEach(path -> found.put(path, kept.arrived.get(path)));
            return found;
        }
    }

    @Override
    public List<SafeSegment> segments(ObjectPath of, int from, int most) {
        synchronized (kept) {
            return kept.segments.getOrDefault(of, Map.of()).values().stream()
                    .filter(segment -> segment.segment() >= from)
                    .limit(most)
                    .toList();
        }
    }

    @Override
    public Optional<Unfinished> unfinished(ObjectPath path) {
        synchronized (kept) {
            return Optional.ofNullable(kept.unfinished.get(path))
                    .map(left -> new Unfinished(
                            left.listed(), left.metadata(), left.token(), segments(path, 0, Integer.MAX_VALUE)));
        }
    }

    @Override
    public void begun(ObjectInfo listed, ObjectMetadata metadata, String token) {
        step.accept("begun " + listed.path());
        synchronized (kept) {
            kept.arrived.remove(listed.path());
            kept.segments.remove(listed.path());
            kept.unfinished.put(listed.path(), new Unfinished(listed, metadata, token, List.of()));
        }
    }

    @Override
    public void safe(ObjectPath of, List<SafeSegment> segments) {
        step.accept("safe " + of);
        synchronized (kept) {
            enter(of, segments);
        }
    }

    @Override
    public void dropped(Collection<ObjectPath> paths) {
        step.accept("dropped " + paths);
        synchronized (kept) {
            paths.forEach(path -> {
                kept.arrived.remove(path);
                kept.segments.remove(path);
                kept.unfinished.remove(path);
            });
        }
    }

    @Override
    public void requireCurrent() {
        step.accept("current");
    }

    @Override
    public long checkpointBytes() {
        return kept.checkpointBytes;
    }

    private void enter(ObjectPath path, List<SafeSegment> segments) {
        if (segments.isEmpty()) {
            return;
        }
        Map<Integer, SafeSegment> there = kept.segments.computeIfAbsent(path, none -> new TreeMap<>());
        segments.forEach(segment -> there.put(segment.segment(), segment));
    }

    @Override
    public boolean wantsHere() {
        return source.isEmpty();
    }

    @Override
    public synchronized void here(List<ObjectInfo> objects) {
        objects.forEach(each -> here.add(each.path().toString()));
    }

    @Override
    public synchronized void allHere() {
        here.add(".");
    }

    @Override
    public synchronized void hiding(Collection<String> names) {
        hiding.addAll(names);
    }

    @Override
    public synchronized void source(String prefix) {
        source = Optional.of(prefix);
    }

    @Override
    public synchronized void listed(Collection<String> names) {
        listed.addAll(names);
    }
}
