package io.ferrymesh.provider.work;

import io.ferrymesh.provider.service.AccountId;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An account's objects, charged to its space: what is staged is set aside, for as long as it is kept, what is published is used, and
 * what is replaced or deleted is given back. How large the replaced one was is looked up right before, while nobody else in this process replaces or
 * deletes it; what other processes change in that moment is put right when the account is counted again, which is due soon
 * after anything was given back.
 */
final class ChargedStore implements ObjectStore {

    private static final Logger LOG = LoggerFactory.getLogger(ChargedStore.class);

    private final ObjectStore objects;
    private final AccountId account;
    private final AccountStores stores;
    private final PathLocks locks;

    ChargedStore(ObjectStore objects, AccountId account, AccountStores stores, PathLocks locks) {
        this.objects = objects;
        this.account = account;
        this.stores = stores;
        this.locks = locks;
    }

    @Override
    public ObjectListing list(String prefix, Optional<ObjectPath> after) throws StoreException {
        return objects.list(prefix, after);
    }

    @Override
    public void requirePath(ObjectPath path) throws StoreException {
        objects.requirePath(path);
    }

    @Override
    public void requireMetadata(ObjectPath path, ObjectMetadata metadata) throws StoreException {
        objects.requireMetadata(path, metadata);
    }

    @Override
    public long mostBytes() {
        return objects.mostBytes();
    }

    /** With what is left of the account's space. */
    @Override
    public Room room() throws StoreException {
        return objects.room().withQuota(stores.left(account));
    }

    @Override
    public long cost(ObjectPath path, long size) {
        return stores.cost(path, size);
    }

    @Override
    public void requireRoom(long bytes, long cost) throws StoreException {
        stores.requireLeft(account, cost);
        objects.requireRoom(bytes, cost);
    }

    @Override
    public boolean isLocal() {
        return objects.isLocal();
    }

    @Override
    public ObjectDetails probe(ObjectPath path) throws StoreException {
        return objects.probe(path);
    }

    @Override
    public ObjectInfo head(ObjectPath path) throws StoreException {
        return objects.head(path);
    }

    @Override
    public ObjectDetails details(ObjectPath path) throws StoreException {
        return objects.details(path);
    }

    @Override
    public ObjectReader open(ObjectPath path) throws StoreException {
        return objects.open(path);
    }

    @Override
    public StagedObject stage(ObjectInfo info, ObjectMetadata metadata) throws StoreException {
        return staged(info, () -> objects.stage(info, metadata), StagedObject::close);
    }

    @Override
    public StagedObject stageDurably(ObjectInfo info, ObjectMetadata metadata) throws StoreException {
        return staged(info, () -> objects.stageDurably(info, metadata), StagedObject::close);
    }

    /** One that holds its space goes on with it; for any other there must be enough again. */
    @Override
    public StagedObject resume(ObjectInfo info, ObjectMetadata metadata, String token) throws StoreException {
        try {
            long cost = stores.cost(info.path(), info.size());
            if (!stores.touch(account, token, cost)) {
                return staged(info, () -> objects.resume(info, metadata, token), StagedObject::detach);
            }
            Space space = stores.claim(account, 0);
            return new ChargedObject(objects.resume(info, metadata, token), account, stores, space, cost);
        } catch (StoreException e) {
            if (e.error() == StoreError.NOT_FOUND) {
                stores.forget(account, info.path(), token);
            }
            throw e;
        }
    }

    @Override
    public void discard(ObjectPath path, String token) throws StoreException {
        objects.discard(path, token);
        stores.forget(account, path, token);
    }

    /** How an object is had of the store. */
    private interface Staging {
        StagedObject run() throws StoreException;
    }

    /** What cannot be charged after all is undone. */
    private StagedObject staged(ObjectInfo info, Staging staging, Consumer<StagedObject> undo) throws StoreException {
        long cost = stores.cost(info.path(), info.size());
        Space space = stores.claim(account, cost);
        StagedObject staged = null;
        try {
            staged = staging.run();
            if (staged.token().isPresent()) {
                stores.keep(space, info.path(), staged.token().get(), cost);
            }
            return new ChargedObject(staged, account, stores, space, cost);
        } catch (StoreException | RuntimeException e) {
            space.giveBack(cost);
            if (staged != null) {
                undo.accept(staged);
            }
            throw e;
        }
    }

    @Override
    public List<PublishOutcome> publish(List<StagedObject> group, PublishMode mode) {
        List<ChargedObject> charged =
                group.stream().map(ChargedObject.class::cast).toList();
        Optional<StoreException> refusal = stores.refusal(account);
        Map<ChargedObject, PublishOutcome> outcomes = new HashMap<>();
        var ready = new ArrayList<ChargedObject>();
        for (ChargedObject each : charged) {
            try {
                if (refusal.isPresent()) {
                    throw refusal.get();
                }
                each.prepare();
                ready.add(each);
            } catch (StoreException e) {
                outcomes.put(each, each.refuse(e));
            }
        }
        List<PublishOutcome> published =
                mode == PublishMode.CREATE_ONLY ? published(ready, mode, new HashMap<>()) : replacing(ready, mode);
        for (int i = 0; i < published.size(); i++) {
            outcomes.put(ready.get(i), published.get(i));
        }
        return charged.stream().map(outcomes::get).toList();
    }

    private List<PublishOutcome> replacing(List<ChargedObject> group, PublishMode mode) {
        List<ObjectPath> paths = group.stream().map(each -> each.info().path()).toList();
        List<PathLocks.Key> keys = locks.lock(account, paths);
        try {
            Map<ObjectPath, Long> there = new HashMap<>();
            paths.forEach(path -> there.computeIfAbsent(path, this::costHere));
            return published(group, mode, there);
        } finally {
            locks.unlock(keys);
        }
    }

    /** Publishes in order what may replace what is there, which costs so much. */
    private List<PublishOutcome> published(List<ChargedObject> group, PublishMode mode, Map<ObjectPath, Long> there) {
        List<PublishOutcome> outcomes =
                objects.publish(group.stream().map(each -> each.staged()).toList(), mode);
        for (int i = 0; i < outcomes.size(); i++) {
            ObjectPath path = group.get(i).info().path();
            group.get(i).settle(outcomes.get(i), there.getOrDefault(path, 0L));
            if (outcomes.get(i).error() == null) {
                there.put(path, group.get(i).cost());
            }
        }
        return outcomes;
    }

    @Override
    public PublishOutcome replace(StagedObject staged, String etag) {
        ChargedObject charged = (ChargedObject) staged;
        try {
            Optional<StoreException> refusal = stores.refusal(account);
            if (refusal.isPresent()) {
                throw refusal.get();
            }
            charged.prepare();
        } catch (StoreException e) {
            return charged.refuse(e);
        }
        ObjectPath path = charged.info().path();
        List<PathLocks.Key> keys = locks.lock(account, List.of(path));
        try {
            long replaced = costHere(path);
            PublishOutcome outcome = objects.replace(charged.staged(), etag);
            charged.settle(outcome, replaced);
            return outcome;
        } finally {
            locks.unlock(keys);
        }
    }

    @Override
    public void delete(ObjectPath path) throws StoreException {
        delete(path, () -> objects.delete(path));
    }

    @Override
    public void delete(ObjectPath path, String etag) throws StoreException {
        delete(path, () -> objects.delete(path, etag));
    }

    /** How an object is deleted. */
    private interface Deletion {
        void run() throws StoreException;
    }

    private void delete(ObjectPath path, Deletion deletion) throws StoreException {
        List<PathLocks.Key> keys = locks.lock(account, List.of(path));
        try {
            long cost = stores.cost(path, objects.head(path).size());
            deletion.run();
            free(cost);
        } finally {
            locks.unlock(keys);
        }
    }

    @Override
    public void close() {}

    /** The object is gone, whether that can be noted now or is found when the account is counted again. */
    private void free(long cost) {
        try {
            stores.free(account, cost);
        } catch (StoreException e) {
            LOG.debug("{} bytes of account {} are given back when it is counted", cost, account, e);
        }
    }

    private long costHere(ObjectPath path) {
        try {
            return stores.cost(path, objects.head(path).size());
        } catch (StoreException e) {
            if (e.error() != StoreError.NOT_FOUND) {
                LOG.debug("what is replaced has no known size", e);
                stores.doubt(account);
            }
            return 0;
        }
    }
}
