package io.ferrymesh.it;

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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A store that keeps one object back until it is told: a migration of it runs for as long as a test likes. */
final class GatedStore implements ObjectStore {

    private static final long GENEROUS_S = 120;

    private final ObjectStore store;
    private final ObjectPath gate;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    GatedStore(ObjectStore store, String gate) {
        this.store = store;
        this.gate = ObjectPath.of(gate);
    }

    /** Waits until somebody wants the object. */
    boolean awaitReached() throws InterruptedException {
        return reached.await(GENEROUS_S, TimeUnit.SECONDS);
    }

    /** Gives the object out. */
    void open() {
        open.countDown();
    }

    @Override
    public ObjectReader open(ObjectPath path) throws StoreException {
        if (path.equals(gate)) {
            reached.countDown();
            try {
                if (!open.await(GENEROUS_S, TimeUnit.SECONDS)) {
                    throw new StoreException(StoreError.IO_ERROR, "the gate stayed closed");
                }
            } catch (InterruptedException e) {
                throw new StoreException(StoreError.IO_ERROR, "interrupted", e);
            }
        }
        return store.open(path);
    }

    @Override
    public ObjectListing list(String prefix, Optional<ObjectPath> after) throws StoreException {
        return store.list(prefix, after);
    }

    @Override
    public ObjectInfo head(ObjectPath path) throws StoreException {
        return store.head(path);
    }

    @Override
    public ObjectDetails details(ObjectPath path) throws StoreException {
        return store.details(path);
    }

    @Override
    public StagedObject stage(ObjectInfo info, ObjectMetadata metadata) throws StoreException {
        return store.stage(info, metadata);
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
        store.delete(path);
    }

    @Override
    public void delete(ObjectPath path, String etag) throws StoreException {
        store.delete(path, etag);
    }

    @Override
    public void close() {
        store.close();
    }
}
