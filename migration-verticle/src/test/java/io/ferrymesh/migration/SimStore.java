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
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Objects in memory that outlive processes, and so does what is staged durably. It fails now and then, as the seed draws, and counts what
 * is done with it.
 */
final class SimStore {

    final TreeMap<ObjectPath, Stored> objects = new TreeMap<>();
    final Map<ObjectPath, Integer> publications = new HashMap<>();
    /** What is staged durably, by its token. */
    final Map<String, SimStaged> kept = new HashMap<>();

    long bytesRead;
    int resumed;
    final SimWorld world;
    private double faults;

    /** An object that is there. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Stored(ObjectInfo info, byte[] bytes, ObjectMetadata metadata, String etag) {}

    SimStore(SimWorld world) {
        this.world = world;
    }

    /** From now on each call fails with this probability. */
    void fail(double probability) {
        faults = probability;
    }

    void put(ObjectInfo info, byte[] bytes) {
        objects.put(info.path(), new Stored(info, bytes, ObjectMetadata.EMPTY, etag()));
    }

    /** As one process sees it. */
    Opened open() {
        return new Opened();
    }

    String etag() {
        return Long.toHexString(world.random.nextLong());
    }

    void mayFail() throws StoreException {
        if (world.chance(faults)) {
            throw new StoreException(StoreError.IO_ERROR, "the seed wants it so");
        }
    }

    private Stored get(ObjectPath path) throws StoreException {
        Stored there = objects.get(path);
        if (there == null) {
            throw new StoreException(StoreError.NOT_FOUND, path + " is not there");
        }
        return there;
    }

    /** The store in one process. */
    final class Opened implements ObjectStore {

        int staged;

        @Override
        public ObjectListing list(String prefix, Optional<ObjectPath> after) {
            Iterator<Stored> entries = List.copyOf(objects.values()).iterator();
            return new ObjectListing() {
                @Override
                public List<ListingEntry> next(int max) throws StoreException {
                    mayFail();
                    List<ListingEntry> batch = new ArrayList<>();
                    while (batch.size() < max && entries.hasNext()) {
                        ObjectInfo info = entries.next().info;
                        boolean asked = info.path().toString().startsWith(prefix)
                                && after.map(path -> info.path().compareTo(path) > 0)
                                        .orElse(true);
                        if (asked) {
                            batch.add(info);
                        }
                    }
                    return batch;
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public ObjectInfo head(ObjectPath path) throws StoreException {
            mayFail();
            return get(path).info;
        }

        @Override
        public ObjectDetails details(ObjectPath path) throws StoreException {
            mayFail();
            Stored there = get(path);
            return new ObjectDetails(there.info, there.etag, there.metadata);
        }

        @Override
        public ObjectReader open(ObjectPath path) throws StoreException {
            mayFail();
            return new Reading(get(path));
        }

        @Override
        public StagedObject stage(ObjectInfo info, ObjectMetadata metadata) throws StoreException {
            mayFail();
            staged++;
            return new SimStaged(SimStore.this, this, info, metadata, Optional.empty());
        }

        @Override
        public StagedObject stageDurably(ObjectInfo info, ObjectMetadata metadata) throws StoreException {
            mayFail();
            staged++;
            return new SimStaged(SimStore.this, this, info, metadata, Optional.of(etag()));
        }

        @Override
        public StagedObject resume(ObjectInfo info, ObjectMetadata metadata, String token) throws StoreException {
            mayFail();
            SimStaged left = kept.get(token);
            if (left == null || !left.info().equals(info)) {
                throw new StoreException(StoreError.NOT_FOUND, info.path() + ": nothing was kept of it");
            }
            staged++;
            resumed++;
            return new SimStaged(this, left, metadata);
        }

        @Override
        public void discard(ObjectPath path, String token) throws StoreException {
            mayFail();
            SimStaged unused = kept.remove(token);
        }

        @Override
        public List<PublishOutcome> publish(List<StagedObject> group, PublishMode mode) {
            List<PublishOutcome> outcomes = new ArrayList<>();
            for (StagedObject object : group) {
                outcomes.add(publish((SimStaged) object, mode));
            }
            return outcomes;
        }

        private PublishOutcome publish(SimStaged object, PublishMode mode) {
            StoreException failure = null;
            try {
                mayFail();
                if (mode == PublishMode.CREATE_ONLY
                        && objects.containsKey(object.info().path())) {
                    throw new StoreException(StoreError.EXISTS, object.info().path() + " is there");
                }
                object.place();
            } catch (StoreException e) {
                failure = e;
            }
            object.close();
            return new PublishOutcome(object.info(), failure);
        }

        @Override
        public PublishOutcome replace(StagedObject object, String etag) {
            StoreException failure = null;
            SimStaged own = (SimStaged) object;
            try {
                mayFail();
                if (!get(own.info().path()).etag.equals(etag)) {
                    throw new StoreException(StoreError.CHANGED, own.info().path() + " is another");
                }
                own.place();
            } catch (StoreException e) {
                failure = e;
            }
            own.close();
            return new PublishOutcome(own.info(), failure);
        }

        @Override
        public void delete(ObjectPath path) throws StoreException {
            mayFail();
            Stored gone = get(path);
            objects.remove(gone.info.path());
        }

        @Override
        public void delete(ObjectPath path, String etag) throws StoreException {
            if (!get(path).etag.equals(etag)) {
                throw new StoreException(StoreError.CHANGED, path + " is another");
            }
            delete(path);
        }

        @Override
        public void close() {}
    }

    private final class Reading implements ObjectReader {

        private final Stored stored;

        Reading(Stored stored) {
            this.stored = stored;
        }

        @Override
        public ObjectInfo info() {
            return stored.info;
        }

        @Override
        public ObjectDetails details() {
            return new ObjectDetails(stored.info, stored.etag, stored.metadata);
        }

        @Override
        public int read(long position, byte[] into, int offset, int length) throws StoreException {
            mayFail();
            int count = (int) Math.max(0, Math.min(length, stored.bytes.length - position));
            System.arraycopy(stored.bytes, (int) position, into, offset, count);
            bytesRead += count;
            return count;
        }

        @Override
        public ObjectInfo current() throws StoreException {
            mayFail();
            return get(stored.info.path()).info;
        }

        @Override
        public void close() {}
    }
}
