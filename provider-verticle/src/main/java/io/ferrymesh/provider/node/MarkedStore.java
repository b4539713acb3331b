package io.ferrymesh.provider.node;

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
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A store that says UNAVAILABLE while its marker is not there, instead of that an object is missing or that there are none: a disk
 * that was unmounted is no reason to count an account anew, to take it for erased, or to write to what lies under the mount point. What
 * was seen is believed for a second. Any worker thread.
 */
final class MarkedStore implements ObjectStore {

    private static final long BELIEVED_MS = 1_000;

    private final ObjectStore store;
    private final StoreMarker marker;
    private final InstantSource clock;
    private volatile long seenAtMs = Long.MIN_VALUE;

    /** A store, which is closed with this one. */
    MarkedStore(ObjectStore store, StoreMarker marker, InstantSource clock) {
        this.store = store;
        this.marker = marker;
        this.clock = clock;
    }

    /** Fails with UNAVAILABLE unless the marker was there within the last second. */
    private void requireMarked() throws StoreException {
        long now = clock.millis();
        long since = now - seenAtMs;
        if (seenAtMs != Long.MIN_VALUE && since >= 0 && since < BELIEVED_MS) {
            return;
        }
        if (!marker.isIn(store)) {
            throw new StoreException(StoreError.UNAVAILABLE, "the store is not there");
        }
        seenAtMs = now;
    }

    /** What is asked of the store. */
    @FunctionalInterface
    private interface Question<T> {
        T ask() throws StoreException;
    }

    /** Its answer: that there is no such object is to be believed only of the right store. */
    private <T> T believed(Question<T> question) throws StoreException {
        try {
            return question.ask();
        } catch (StoreException e) {
            if (e.error() == StoreError.NOT_FOUND) {
                requireMarked();
            }
            throw e;
        }
    }

    @Override
    public ObjectListing list(String prefix, Optional<ObjectPath> after) throws StoreException {
        requireMarked();
        return believed(store.list(prefix, after));
    }

    @Override
    public ObjectListing listSizes(String prefix) throws StoreException {
        requireMarked();
        return believed(store.listSizes(prefix));
    }

    /** That there are no more is to be believed only of the right store. */
    private ObjectListing believed(ObjectListing listing) {
        return new ObjectListing() {
            @Override
            public List<ListingEntry> next(int max) throws StoreException {
                List<ListingEntry> entries = listing.next(max);
                if (entries.isEmpty()) {
                    requireMarked(); // the end, or the disk was unmounted meanwhile
                }
                return entries;
            }

            @Override
            public void close() {
                listing.close();
            }
        };
    }

    @Override
    public void requirePath(ObjectPath path) throws StoreException {
        store.requirePath(path);
    }

    @Override
    public void requireMetadata(ObjectPath path, ObjectMetadata metadata) throws StoreException {
        store.requireMetadata(path, metadata);
    }

    @Override
    public long mostBytes() {
        return store.mostBytes();
    }

    /** What is free is to be believed only of the right store. */
    @Override
    public Room room() throws StoreException {
        requireMarked();
        return store.room();
    }

    @Override
    public long cost(ObjectPath path, long size) {
        return store.cost(path, size);
    }

    @Override
    public void requireRoom(long bytes, long cost) throws StoreException {
        requireMarked();
        store.requireRoom(bytes, cost);
    }

    @Override
    public boolean isLocal() {
        return store.isLocal();
    }

    @Override
    public ObjectDetails probe(ObjectPath path) throws StoreException {
        return believed(() -> store.probe(path));
    }

    @Override
    public ObjectInfo head(ObjectPath path) throws StoreException {
        return believed(() -> store.head(path));
    }

    @Override
    public ObjectDetails details(ObjectPath path) throws StoreException {
        return believed(() -> store.details(path));
    }

    @Override
    public ObjectReader open(ObjectPath path) throws StoreException {
        return believed(() -> store.open(path));
    }

    @Override
    public StagedObject stage(ObjectInfo info, ObjectMetadata metadata) throws StoreException {
        requireMarked();
        return store.stage(info, metadata);
    }

    @Override
    public StagedObject stageDurably(ObjectInfo info, ObjectMetadata metadata) throws StoreException {
        requireMarked();
        return store.stageDurably(info, metadata);
    }

    @Override
    public StagedObject resume(ObjectInfo info, ObjectMetadata metadata, String token) throws StoreException {
        requireMarked();
        return store.resume(info, metadata, token);
    }

    /** That there is nothing to discard is to be believed only of the right store. */
    @Override
    public void discard(ObjectPath path, String token) throws StoreException {
        requireMarked();
        store.discard(path, token);
    }

    @Override
    public List<PublishOutcome> publish(List<StagedObject> group, PublishMode mode) {
        return store.publish(group, mode);
    }

    @Override
    public PublishOutcome replace(StagedObject staged, String etag) {
        return store.replace(staged, etag);
    }

    @Override
    public void delete(ObjectPath path) throws StoreException {
        boolean unused = believed(() -> {
            store.delete(path);
            return true;
        });
    }

    @Override
    public void delete(ObjectPath path, String etag) throws StoreException {
        boolean unused = believed(() -> {
            store.delete(path, etag);
            return true;
        });
    }

    @Override
    public void close() {
        store.close();
    }
}
