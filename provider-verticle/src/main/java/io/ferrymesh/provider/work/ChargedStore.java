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
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An account's objects, charged to its space: what is staged is set aside, what is published is used, and what is replaced or
 * deleted is given back. How large the replaced one was is looked up right before, while nobody else in this process replaces or
 * deletes it; what other processes change in that moment is put right when the account is counted again, which is due soon
 * after anything was given back.
 */
final class ChargedStore implements ObjectStore {

    private static final Logger LOG = LoggerFactory.getLogger(ChargedStore.class);

    /** After these an object may have come to be all the same. */
    private static final Set<StoreError> MAY_BE_THERE =
            EnumSet.of(StoreError.IO_ERROR, StoreError.UNAVAILABLE, StoreError.THROTTLED);

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
        long cost = stores.cost(info.path(), info.size());
        Space space = stores.claim(account, cost);
        try {
            return new Charged(objects.stage(info, metadata), space, cost);
        } catch (StoreException | RuntimeException e) {
            space.giveBack(cost);
            throw e;
        }
    }

    @Override
    public List<PublishOutcome> publish(List<StagedObject> group, PublishMode mode) {
        List<Charged> charged = group.stream().map(Charged.class::cast).toList();
        Optional<StoreException> refusal = stores.refusal(account);
        if (refusal.isPresent()) {
            charged.forEach(Charged::close);
            return charged.stream()
                    .map(each -> new PublishOutcome(each.info(), refusal.get()))
                    .toList();
        }
        if (mode == PublishMode.CREATE_ONLY) {
            return published(charged, mode, new HashMap<>());
        }
        List<ObjectPath> paths =
                charged.stream().map(each -> each.info().path()).toList();
        List<PathLocks.Key> keys = locks.lock(account, paths);
        try {
            Map<ObjectPath, Long> there = new HashMap<>();
            paths.forEach(path -> there.computeIfAbsent(path, this::costHere));
            return published(charged, mode, there);
        } finally {
            locks.unlock(keys);
        }
    }

    /** Publishes in order what may replace what is there, which costs so much. */
    private List<PublishOutcome> published(List<Charged> group, PublishMode mode, Map<ObjectPath, Long> there) {
        List<PublishOutcome> outcomes =
                objects.publish(group.stream().map(each -> each.staged).toList(), mode);
        for (int i = 0; i < outcomes.size(); i++) {
            ObjectPath path = group.get(i).info().path();
            group.get(i).settle(outcomes.get(i), there.getOrDefault(path, 0L));
            if (outcomes.get(i).error() == null) {
                there.put(path, group.get(i).cost);
            }
        }
        return outcomes;
    }

    @Override
    public PublishOutcome replace(StagedObject staged, String etag) {
        Charged charged = (Charged) staged;
        Optional<StoreException> refusal = stores.refusal(account);
        if (refusal.isPresent()) {
            charged.close();
            return new PublishOutcome(charged.info(), refusal.get());
        }
        ObjectPath path = charged.info().path();
        List<PathLocks.Key> keys = locks.lock(account, List.of(path));
        try {
            long replaced = costHere(path);
            PublishOutcome outcome = objects.replace(charged.staged, etag);
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

    /** An object on its way, for which space is set aside. */
    private final class Charged implements StagedObject {

        private final StagedObject staged;
        private final Space space;
        private final long cost;
        private final AtomicBoolean settled = new AtomicBoolean();

        Charged(StagedObject staged, Space space, long cost) {
            this.staged = staged;
            this.space = space;
            this.cost = cost;
        }

        @Override
        public ObjectInfo info() {
            return staged.info();
        }

        @Override
        public void write(long position, byte[] from, int offset, int length) throws StoreException {
            stores.requireActive(space);
            staged.write(position, from, offset, length);
        }

        void settle(PublishOutcome outcome, long replaced) {
            if (settled.getAndSet(true)) {
                return;
            }
            if (outcome.error() == null) {
                space.charge(cost, replaced);
            } else {
                space.giveBack(cost);
                if (MAY_BE_THERE.contains(outcome.error().error())) {
                    space.doubt();
                }
            }
        }

        @Override
        public void close() {
            staged.close();
            if (!settled.getAndSet(true)) {
                space.giveBack(cost);
            }
        }
    }
}
