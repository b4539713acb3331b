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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An account's objects, charged to its space: what is staged is set aside, what is published is used, and what is replaced or
 * deleted is given back. How large the replaced one was is looked up right before; what others change in that moment is put
 * right when the account is counted again.
 */
final class ChargedStore implements ObjectStore {

    private static final Logger LOG = LoggerFactory.getLogger(ChargedStore.class);

    private final ObjectStore objects;
    private final AccountId account;
    private final AccountStores stores;

    ChargedStore(ObjectStore objects, AccountId account, AccountStores stores) {
        this.objects = objects;
        this.account = account;
        this.stores = stores;
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
        Space space = stores.claim(account, info.size());
        try {
            return new Charged(objects.stage(info, metadata), space);
        } catch (StoreException | RuntimeException e) {
            space.giveBack(info.size());
            throw e;
        }
    }

    @Override
    public List<PublishOutcome> publish(List<StagedObject> group, PublishMode mode) {
        List<Charged> charged = group.stream().map(Charged.class::cast).toList();
        List<Long> replaced = new ArrayList<>();
        for (Charged each : charged) {
            replaced.add(mode == PublishMode.REPLACE ? size(each.info().path()) : 0L);
        }
        List<PublishOutcome> outcomes =
                objects.publish(charged.stream().map(each -> each.staged).toList(), mode);
        for (int i = 0; i < outcomes.size(); i++) {
            charged.get(i).settle(outcomes.get(i), replaced.get(i));
        }
        return outcomes;
    }

    @Override
    public PublishOutcome replace(StagedObject staged, String etag) {
        Charged charged = (Charged) staged;
        long replaced = size(charged.info().path());
        PublishOutcome outcome = objects.replace(charged.staged, etag);
        charged.settle(outcome, replaced);
        return outcome;
    }

    @Override
    public void delete(ObjectPath path) throws StoreException {
        long size = objects.head(path).size();
        objects.delete(path);
        free(size);
    }

    @Override
    public void delete(ObjectPath path, String etag) throws StoreException {
        long size = objects.head(path).size();
        objects.delete(path, etag);
        free(size);
    }

    @Override
    public void close() {}

    /** The object is gone, whether that can be noted now or is found when the account is counted again. */
    private void free(long size) {
        try {
            stores.free(account, size);
        } catch (StoreException e) {
            LOG.debug("{} bytes of account {} are given back when it is counted", size, account, e);
        }
    }

    private long size(ObjectPath path) {
        try {
            return objects.head(path).size();
        } catch (StoreException e) {
            if (e.error() != StoreError.NOT_FOUND) {
                LOG.debug("what is replaced has no known size", e);
            }
            return 0;
        }
    }

    /** An object on its way, for which space is set aside. */
    private static final class Charged implements StagedObject {

        private final StagedObject staged;
        private final Space space;
        private final AtomicBoolean settled = new AtomicBoolean();

        Charged(StagedObject staged, Space space) {
            this.staged = staged;
            this.space = space;
        }

        @Override
        public ObjectInfo info() {
            return staged.info();
        }

        @Override
        public void write(long position, byte[] from, int offset, int length) throws StoreException {
            staged.write(position, from, offset, length);
        }

        void settle(PublishOutcome outcome, long replaced) {
            if (settled.getAndSet(true)) {
                return;
            }
            if (outcome.error() == null) {
                space.charge(info().size(), replaced);
            } else {
                space.giveBack(info().size());
            }
        }

        @Override
        public void close() {
            staged.close();
            if (!settled.getAndSet(true)) {
                space.giveBack(info().size());
            }
        }
    }
}
