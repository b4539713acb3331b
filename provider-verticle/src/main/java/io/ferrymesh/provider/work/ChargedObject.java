package io.ferrymesh.provider.work;

import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.PublishOutcome;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An object on its way, for which space is set aside: by this process, or, of one that has a token, by the object itself, so that it
 * outlives the process. While it is published it is this process's again.
 */
final class ChargedObject implements StagedObject {

    private static final Logger LOG = LoggerFactory.getLogger(ChargedObject.class);

    /** After these an object may have come to be all the same. */
    private static final Set<StoreError> MAY_BE_THERE =
            EnumSet.of(StoreError.IO_ERROR, StoreError.UNAVAILABLE, StoreError.THROTTLED);

    /** After these a kept object stays. */
    private static final Set<StoreError> MAY_PASS = EnumSet.of(StoreError.UNAVAILABLE, StoreError.THROTTLED);

    /** How often it is noted that somebody works on it. */
    private static final long TOUCHED_EVERY_MS = 3_600_000;

    private final StagedObject staged;
    private final AccountId account;
    private final AccountStores stores;
    private final long cost;
    private final Optional<String> token;
    private final AtomicBoolean settled = new AtomicBoolean();
    private volatile Space space;
    private volatile long touchedAtMs;

    /**
     * An object.
     *
     * @param space what it is set aside of, or, of one that is kept, was or would be
     */
    ChargedObject(StagedObject staged, AccountId account, AccountStores stores, Space space, long cost) {
        this.staged = staged;
        this.account = account;
        this.stores = stores;
        this.space = space;
        this.cost = cost;
        this.token = staged.token();
        this.touchedAtMs = stores.nowMs();
        token.ifPresent(kept -> stores.writers().put(kept, this));
    }

    StagedObject staged() {
        return staged;
    }

    long cost() {
        return cost;
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

    @Override
    public Optional<String> token() {
        return token;
    }

    @Override
    public boolean holds(int segment) {
        return staged.holds(segment);
    }

    @Override
    public void force() throws StoreException {
        stores.requireActive(space);
        staged.force();
        long now = stores.nowMs();
        if (token.isPresent() && Math.abs(now - touchedAtMs) >= TOUCHED_EVERY_MS) {
            touchedAtMs = now;
            boolean unused = stores.touch(account, token.get(), cost);
        }
    }

    @Override
    public void rewrite(int segment) throws StoreException {
        staged.rewrite(segment);
    }

    /** Sets aside what it holds, for it to be published. Fails when that cannot be; then it is to be ended. */
    void prepare() throws StoreException {
        if (token.isPresent() && !settled.get()) {
            space = stores.takeBack(account, info().path(), token.get(), cost);
        }
    }

    /** It could not even be tried to publish it. */
    PublishOutcome refuse(StoreException failure) {
        if (MAY_PASS.contains(failure.error())) {
            detach();
        } else {
            close();
        }
        return new PublishOutcome(info(), failure);
    }

    /** What became of it, once it was prepared, and how much it took the place of. */
    void settle(PublishOutcome outcome, long replaced) {
        if (settled.getAndSet(true)) {
            return;
        }
        StoreException failure = outcome.error();
        if (failure == null) {
            space.charge(cost, replaced);
        } else {
            if (MAY_BE_THERE.contains(failure.error())) {
                space.doubt();
            }
            if (token.isPresent() && MAY_PASS.contains(failure.error()) && keptAgain(token.get())) {
                return;
            }
            space.giveBack(cost);
        }
        forget();
    }

    @Override
    public void detach() {
        if (token.isEmpty()) {
            close();
            return;
        }
        staged.detach();
        if (!settled.getAndSet(true)) {
            boolean unused = stores.writers().remove(token.get(), this);
        }
    }

    @Override
    public void close() {
        staged.close();
        if (settled.getAndSet(true)) {
            return;
        }
        if (token.isEmpty()) {
            space.giveBack(cost);
        } else {
            forget();
        }
    }

    /** The store has let go of it, which does no harm twice. */
    private boolean keptAgain(String kept) {
        staged.detach();
        boolean unused = stores.writers().remove(kept, this);
        try {
            stores.keep(space, info().path(), kept, cost);
            return true;
        } catch (StoreException e) {
            LOG.debug("an object of account {} stays without holding its space", account, e);
            return false;
        }
    }

    /** Unless somebody has taken it up meanwhile. */
    private void forget() {
        if (token.isPresent() && stores.writers().remove(token.get(), this)) {
            stores.forget(account, info().path(), token.get());
        }
    }
}
