package io.ferrymesh.migration;

import io.ferrymesh.stores.ListingEntry;
import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.PublishOutcome;
import io.ferrymesh.stores.Room;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A store in memory that fails when a test says so, and lets it do things at the worst moment. Any thread. */
final class FaultyStore implements ObjectStore {

    /** What a store is asked to do. */
    enum Act {
        LIST,
        HEAD,
        OPEN,
        READ,
        STAGE,
        WRITE,
        PUBLISH
    }

    /** Runs before each act; what it throws is the store's answer. */
    @FunctionalInterface
    interface Hook {
        void before(Act act, ObjectPath path) throws StoreException;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Kept(byte[] content, ObjectDetails details) {}

    private final TreeMap<ObjectPath, Kept> objects = new TreeMap<>();
    private final AtomicLong versions = new AtomicLong();

    volatile Hook hook = (act, path) -> {};

    /** How much room it says that it has. */
    volatile Room room = Room.UNKNOWN;

    /** Whether it says that it cannot keep metadata. */
    volatile boolean refusesMetadata;

    /** What becomes of an object's content when it is published. */
    volatile UnaryOperator<byte[]> keeping = content -> content;

    /** What becomes of an object's metadata. */
    volatile UnaryOperator<ObjectMetadata> keepingMetadata = metadata -> metadata;

    /** Puts an object there, in place of one that may be there. */
    void put(String path, String content, Instant modified, ObjectMetadata metadata) {
        byte[] bytes = content.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        put(new ObjectInfo(ObjectPath.of(path), bytes.length, modified), bytes, metadata);
    }

    void put(String path, String content, Instant modified) {
        put(path, content, modified, ObjectMetadata.EMPTY);
    }

    private synchronized void put(ObjectInfo info, byte[] bytes, ObjectMetadata metadata) {
        String etag = "v" + versions.incrementAndGet();
        objects.put(info.path(), new Kept(bytes, new ObjectDetails(info, etag, metadata)));
    }

    synchronized void remove(String path) {
        objects.remove(ObjectPath.of(path));
    }

    /** Every path with its content. */
    synchronized Map<String, String> contents() {
        Map<String, String> contents = new TreeMap<>();
        objects.forEach((path, kept) ->
                contents.put(path.toString(), new String(kept.content, java.nio.charset.StandardCharsets.UTF_8)));
        return contents;
    }

    synchronized ObjectMetadata metadata(String path) {
        return kept(ObjectPath.of(path)).orElseThrow().details.metadata();
    }

    private synchronized Optional<Kept> kept(ObjectPath path) {
        return Optional.ofNullable(objects.get(path));
    }

    private Kept require(ObjectPath path) throws StoreException {
        return kept(path).orElseThrow(() -> new StoreException(StoreError.NOT_FOUND, path + ": is not there"));
    }

    @Override
    public Room room() {
        return room;
    }

    /** Ten more than its bytes. */
    @Override
    public long cost(ObjectPath path, long size) {
        return size + 10;
    }

    @Override
    public void requireMetadata(ObjectPath path, ObjectMetadata metadata) throws StoreException {
        if (refusesMetadata && !metadata.isEmpty()) {
            throw new StoreException(StoreError.UNSUPPORTED_METADATA, path + ": refused");
        }
    }

    @Override
    public synchronized ObjectListing list(String prefix, Optional<ObjectPath> after) throws StoreException {
        hook.before(Act.LIST, ObjectPath.of("all"));
        Queue<ListingEntry> entries = new ArrayDeque<>();
        objects.values().stream()
                .map(kept -> kept.details.info())
                .filter(info -> info.path().toString().startsWith(prefix))
                .filter(info -> after.isEmpty() || info.path().compareTo(after.get()) > 0)
                .forEach(entries::add);
        return new ObjectListing() {
            @Override
            public List<ListingEntry> next(int max) {
                List<ListingEntry> page = new ArrayList<>();
                while (page.size() < max && !entries.isEmpty()) {
                    page.add(entries.remove());
                }
                return page;
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
        hook.before(Act.HEAD, path);
        return require(path).details;
    }

    @Override
    public ObjectReader open(ObjectPath path) throws StoreException {
        hook.before(Act.OPEN, path);
        return new Reader(require(path));
    }

    @Override
    public StagedObject stage(ObjectInfo info, ObjectMetadata metadata) throws StoreException {
        hook.before(Act.STAGE, info.path());
        if (refusesMetadata && !metadata.isEmpty()) {
            throw new StoreException(StoreError.UNSUPPORTED_METADATA, info.path() + ": no metadata here");
        }
        return new Staged(info, metadata);
    }

    @Override
    public List<PublishOutcome> publish(List<StagedObject> group, PublishMode mode) {
        List<PublishOutcome> outcomes = new ArrayList<>();
        for (StagedObject each : group) {
            outcomes.add(publish((Staged) each, mode == PublishMode.CREATE_ONLY, null));
        }
        return outcomes;
    }

    @Override
    public PublishOutcome replace(StagedObject staged, String etag) {
        return publish((Staged) staged, false, etag);
    }

    private PublishOutcome publish(Staged staged, boolean create, @Nullable String etag) {
        try {
            hook.before(Act.PUBLISH, staged.info.path());
            synchronized (this) {
                if (create && objects.containsKey(staged.info.path())) {
                    throw new StoreException(StoreError.EXISTS, staged.info.path() + ": exists");
                }
                if (etag != null && !require(staged.info.path()).details.etag().equals(etag)) {
                    throw new StoreException(StoreError.CHANGED, staged.info.path() + ": is another one");
                }
                put(staged.info, keeping.apply(staged.content), keepingMetadata.apply(staged.metadata));
            }
            return new PublishOutcome(staged.info, null);
        } catch (StoreException e) {
            return new PublishOutcome(staged.info, e);
        }
    }

    @Override
    public synchronized void delete(ObjectPath path) throws StoreException {
        Kept unused = require(path);
        objects.remove(path);
    }

    @Override
    public synchronized void delete(ObjectPath path, String etag) throws StoreException {
        if (!require(path).details.etag().equals(etag)) {
            throw new StoreException(StoreError.CHANGED, path + ": is another one");
        }
        objects.remove(path);
    }

    @Override
    public void close() {}

    private final class Reader implements ObjectReader {

        private final Kept kept;

        Reader(Kept kept) {
            this.kept = kept;
        }

        @Override
        public ObjectInfo info() {
            return kept.details.info();
        }

        @Override
        public ObjectDetails details() {
            return kept.details;
        }

        @Override
        public int read(long position, byte[] into, int offset, int length) throws StoreException {
            hook.before(Act.READ, info().path());
            int count = (int) Math.max(0, Math.min(length, kept.content.length - position));
            System.arraycopy(kept.content, (int) Math.min(position, kept.content.length), into, offset, count);
            return count;
        }

        @Override
        public ObjectInfo current() throws StoreException {
            return require(info().path()).details.info();
        }

        @Override
        public void close() {}
    }

    private final class Staged implements StagedObject {

        private final ObjectInfo info;
        private final ObjectMetadata metadata;
        private final byte[] content;

        Staged(ObjectInfo info, ObjectMetadata metadata) {
            this.info = info;
            this.metadata = metadata;
            this.content = new byte[(int) info.size()];
        }

        @Override
        public ObjectInfo info() {
            return info;
        }

        @Override
        public void write(long position, byte[] from, int offset, int length) throws StoreException {
            hook.before(Act.WRITE, info.path());
            System.arraycopy(from, offset, content, (int) position, length);
        }

        @Override
        public void close() {}
    }
}
