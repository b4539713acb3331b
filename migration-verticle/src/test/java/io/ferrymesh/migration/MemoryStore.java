package io.ferrymesh.migration;

import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.PublishOutcome;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Objects in memory, what is staged of them, and who read what. What a test calls a process is a view of its own. */
final class MemoryStore implements ObjectStore {

    private final Disk disk;
    private final Consumer<String> step;

    /** What it is asked and cannot say. */
    volatile Fault fault = what -> {};

    /** Runs before it says whether something is there; what it throws is the answer. */
    @FunctionalInterface
    interface Fault {
        void before(String what) throws StoreException;
    }

    /** What outlives a process. */
    static final class Disk {
        final Map<ObjectPath, Stored> objects = new TreeMap<>();
        final Map<String, Staged> kept = new HashMap<>();
        /** Segments that were read, as {@code path#segment}. */
        final Set<String> read = new TreeSet<>();

        long bytesRead;
        long bytesWritten;
        long numbers;

        /** Forgets who read and wrote what. */
        synchronized void forgetReads() {
            read.clear();
            bytesRead = 0;
            bytesWritten = 0;
        }

        /** As in a store that takes each segment for good when it is written. */
        synchronized void forceAll() {
            kept.values().forEach(Staged::force);
        }

        synchronized void put(String path, byte[] content, Instant modified) {
            ObjectPath at = ObjectPath.of(path);
            objects.put(at, new Stored(new ObjectInfo(at, content.length, modified), content, "e" + numbers++));
        }

        synchronized Set<String> reads() {
            return new TreeSet<>(read);
        }

        synchronized Map<String, Integer> contents() {
            return objects.values().stream()
                    .collect(Collectors.toMap(
                            stored -> stored.info.path() + " " + stored.info.modified(),
                            stored -> Arrays.hashCode(stored.content)));
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Stored(ObjectInfo info, byte[] content, String etag) {}

    MemoryStore(Disk disk) {
        this(disk, step -> {});
    }

    /** One process's view; {@code step} is told before each change, and may fail it. */
    MemoryStore(Disk disk, Consumer<String> step) {
        this.disk = disk;
        this.step = step;
    }

    @Override
    public ObjectListing list(String prefix, Optional<ObjectPath> after) {
        List<ObjectInfo> all;
        synchronized (disk) {
            all = disk.objects.values().stream()
                    .map(Stored::info)
                    .filter(info -> info.path().toString().startsWith(prefix))
                    .filter(info -> after.isEmpty() || info.path().compareTo(after.get()) > 0)
                    .toList();
        }
        return new ObjectListing() {
            private int next;

            @Override
            public List<io.ferrymesh.stores.ListingEntry> next(int max) {
                int from = next;
                next = Math.min(all.size(), next + max);
                return List.copyOf(all.subList(from, next));
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public ObjectInfo head(ObjectPath path) throws StoreException {
        return details(path).info();
    }

    @Override
    public ObjectDetails details(ObjectPath path) throws StoreException {
        fault.before("details " + path);
        Stored stored = stored(path);
        return new ObjectDetails(stored.info, stored.etag, ObjectMetadata.EMPTY);
    }

    private Stored stored(ObjectPath path) throws StoreException {
        synchronized (disk) {
            Stored stored = disk.objects.get(path);
            if (stored == null) {
                throw new StoreException(StoreError.NOT_FOUND, path + ": not there");
            }
            return stored;
        }
    }

    @Override
    public ObjectReader open(ObjectPath path) throws StoreException {
        Stored stored = stored(path);
        return new ObjectReader() {
            @Override
            public ObjectInfo info() {
                return stored.info;
            }

            @Override
            public ObjectDetails details() {
                return new ObjectDetails(stored.info, stored.etag, ObjectMetadata.EMPTY);
            }

            @Override
            public int read(long position, byte[] into, int offset, int length) {
                step.accept("read " + path);
                synchronized (disk) {
                    disk.read.add(path + "#" + position / Segments.BYTES);
                    disk.bytesRead += length;
                }
                int count = (int) Math.min(length, stored.content.length - position);
                System.arraycopy(stored.content, (int) position, into, offset, count);
                return count;
            }

            @Override
            public ObjectInfo current() throws StoreException {
                return head(path);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public StagedObject stage(ObjectInfo info, ObjectMetadata metadata) {
        step.accept("stage " + info.path());
        return new Staged(info, null);
    }

    @Override
    public StagedObject stageDurably(ObjectInfo info, ObjectMetadata metadata) {
        step.accept("stage " + info.path());
        synchronized (disk) {
            return new Staged(info, "t" + disk.numbers++);
        }
    }

    @Override
    public StagedObject resume(ObjectInfo info, ObjectMetadata metadata, String token) throws StoreException {
        step.accept("resume " + info.path());
        fault.before("resume " + info.path());
        synchronized (disk) {
            Staged left = disk.kept.get(token);
            if (left == null || !left.info.equals(info)) {
                throw new StoreException(StoreError.NOT_FOUND, info.path() + ": nothing was kept of it");
            }
            return new Staged(left);
        }
    }

    @Override
    public void discard(ObjectPath path, String token) {
        step.accept("discard " + path);
        synchronized (disk) {
            Staged unused = disk.kept.remove(token);
        }
    }

    @Override
    public List<PublishOutcome> publish(List<StagedObject> group, PublishMode mode) {
        List<PublishOutcome> outcomes = new ArrayList<>();
        for (StagedObject each : group) {
            step.accept("publish " + each.info().path());
            outcomes.add(new PublishOutcome(each.info(), ((Staged) each).publish()));
        }
        return outcomes;
    }

    @Override
    public PublishOutcome replace(StagedObject staged, String etag) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(ObjectPath path) throws StoreException {
        synchronized (disk) {
            Stored unused = disk.objects.remove(path);
        }
    }

    @Override
    public void delete(ObjectPath path, String etag) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}

    /** An object on its way: what is whole, and of that what was forced. */
    private final class Staged implements StagedObject {

        private final ObjectInfo info;
        private final @org.jspecify.annotations.Nullable String token;
        private final byte[] content;
        private final int[] written;
        private final BitSet forced = new BitSet();
        private boolean detached;

        Staged(ObjectInfo info, @org.jspecify.annotations.Nullable String token) {
            this.info = info;
            this.token = token;
            this.content = new byte[(int) info.size()];
            this.written = new int[Math.max(1, (int) ((info.size() + Segments.BYTES - 1) / Segments.BYTES))];
            keep();
        }

        /** What a process left: everything that was not forced may be anything. */
        Staged(Staged left) {
            this.info = left.info;
            this.token = left.token;
            this.content = left.content.clone();
            this.written = new int[left.written.length];
            this.forced.or(left.forced);
            for (int segment = 0; segment < written.length; segment++) {
                if (forced.get(segment)) {
                    written[segment] = length(segment);
                } else {
                    Arrays.fill(content, start(segment), start(segment) + length(segment), (byte) 0x55);
                    written[segment] = -1; // to be begun anew
                }
            }
            keep();
        }

        private void keep() {
            if (token != null) {
                disk.kept.put(token, this);
            }
        }

        private int start(int segment) {
            return segment * Segments.BYTES;
        }

        private int length(int segment) {
            return Math.min(Segments.BYTES, content.length - start(segment));
        }

        @Override
        public ObjectInfo info() {
            return info;
        }

        @Override
        public synchronized void write(long position, byte[] from, int offset, int length) throws StoreException {
            step.accept("write " + info.path());
            int segment = (int) (position / Segments.BYTES);
            if (position != start(segment) + (long) written[segment]) {
                throw new StoreException(StoreError.IO_ERROR, "not where the segment goes on");
            }
            System.arraycopy(from, offset, content, (int) position, length);
            written[segment] += length;
            synchronized (disk) {
                disk.bytesWritten += length;
            }
        }

        @Override
        public Optional<String> token() {
            return Optional.ofNullable(token);
        }

        @Override
        public synchronized boolean holds(int segment) {
            return token != null && written[segment] == length(segment);
        }

        @Override
        public synchronized void force() {
            step.accept("force " + info.path());
            for (int segment = 0; segment < written.length; segment++) {
                forced.set(segment, holds(segment));
            }
        }

        @Override
        public synchronized void rewrite(int segment) {
            step.accept("rewrite " + info.path());
            forced.clear(segment);
            written[segment] = 0;
        }

        @Override
        public void detach() {
            if (token == null) {
                close();
            }
            detached = true;
        }

        @Override
        public void close() {
            synchronized (disk) {
                if (token != null && !detached && Objects.equals(disk.kept.get(token), this)) {
                    Staged unused = disk.kept.remove(token);
                }
            }
        }

        @org.jspecify.annotations.Nullable
        StoreException publish() {
            for (int segment = 0; segment < written.length; segment++) {
                if (written[segment] != length(segment)) {
                    return new StoreException(StoreError.IO_ERROR, "bytes are missing");
                }
            }
            synchronized (disk) {
                close();
                if (disk.objects.containsKey(info.path())) {
                    return new StoreException(StoreError.EXISTS, info.path() + ": is there");
                }
                disk.objects.put(info.path(), new Stored(info, content, "e" + disk.numbers++));
                return null;
            }
        }
    }
}
