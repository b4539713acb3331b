package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseException;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.UserStores;
import io.ferrymesh.provider.work.SpaceTable.Charged;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * One account's space as this process uses it. It sets some aside in the database, a block at a time, so that not every small
 * object is a transaction; what was published is written down every second. Several processes together never use more than the
 * quota, because what one has set aside is nobody else's. Any thread.
 */
final class Space {

    /** How long what is not used stays set aside. */
    private static final long IDLE_MS = 10_000;

    /** How long it is believed that the account is not being erased. */
    private static final long ACTIVE_MS = 1_000;

    private final Database database;
    private final AccountId account;
    private final String instance;
    private final WorkOptions options;

    // under this
    private long reserved; // as the database has it
    private long staged;
    private long charged;
    private long freed;
    private boolean doubted;
    private long activeAtMs;
    private long usedAtMs;

    private volatile boolean closed;

    /** What the database has now. */
    private record Written(boolean enough, Charged charged, long reserved) {}

    Space(Database database, AccountId account, String instance, WorkOptions options) {
        this.database = database;
        this.account = account;
        this.instance = instance;
        this.options = options;
    }

    /** Whether it was given up. */
    boolean isClosed() {
        return closed;
    }

    String instance() {
        return instance;
    }

    /**
     * Sets so much aside for an object on its way. False when this was given up meanwhile. FULL when there is not enough,
     * NOT_WRITABLE for an account that is being erased, UNAVAILABLE when nobody knows.
     */
    synchronized boolean claim(long bytes, long nowMs) throws StoreException {
        if (closed) {
            return false;
        }
        usedAtMs = nowMs;
        long missing = staged + charged + bytes - reserved;
        if (missing > 0 && !write(missing, nowMs)) {
            throw new StoreException(StoreError.FULL, "the account's space is used up");
        }
        staged += bytes;
        return true;
    }

    /**
     * What is set aside for an object on its way is held by the object itself from now on, so that it outlives this process.
     * NOT_WRITABLE for an account that is being erased, UNAVAILABLE when nobody knows; then nothing has changed.
     */
    synchronized void keep(ObjectPath path, String token, long bytes, long nowMs) throws StoreException {
        settled(written(handle -> {
            Written before = settle(handle, false, nowMs);
            if (before.charged == Charged.GONE || !SpaceTable.active(handle, account)) {
                return new Written(false, Charged.GONE, before.reserved);
            }
            KeptTable.put(handle, account, token, path, bytes, nowMs);
            long left = Math.max(0, before.reserved - bytes);
            SpaceTable.reserve(handle, account, instance, left);
            return new Written(true, before.charged, left);
        }));
        staged -= bytes;
    }

    /**
     * The other way round, before the object is published; what it does not hold is claimed. False when this was given up
     * meanwhile. Fails like {@link #claim}.
     */
    synchronized boolean takeBack(ObjectPath path, String token, long bytes, long nowMs) throws StoreException {
        if (closed) {
            return false;
        }
        usedAtMs = nowMs;
        Written written = written(handle -> {
            long held = KeptTable.take(handle, account, token);
            if (held < bytes) {
                Written claimed = reserve(handle, bytes, nowMs);
                if (!claimed.enough && held > 0) {
                    KeptTable.put(handle, account, token, path, held, nowMs);
                }
                return claimed;
            }
            Written before = settle(handle, false, nowMs);
            if (before.charged == Charged.GONE || !SpaceTable.active(handle, account)) {
                return new Written(false, Charged.GONE, before.reserved);
            }
            SpaceTable.reserve(handle, account, instance, before.reserved + bytes);
            return new Written(true, before.charged, before.reserved + bytes);
        });
        settled(written);
        if (!written.enough) {
            throw new StoreException(StoreError.FULL, "the account's space is used up");
        }
        staged += bytes;
        return true;
    }

    /** The object is there now, in the place of others of so many bytes. */
    synchronized void charge(long bytes, long replaced) {
        staged -= bytes;
        charged += bytes;
        freed += replaced;
    }

    /** Refuses to go on with an object of an account that is being erased; looks once a second, and lets it pass if it cannot. */
    synchronized void requireActive(long nowMs) throws StoreException {
        if (Math.abs(nowMs - activeAtMs) < ACTIVE_MS) {
            return;
        }
        activeAtMs = nowMs;
        boolean active;
        try {
            active = database.read(handle -> SpaceTable.active(handle, account));
        } catch (DatabaseException e) {
            return; // it is looked at again before anything is published
        }
        if (!active) {
            throw new StoreException(StoreError.NOT_WRITABLE, "the account is being erased");
        }
    }

    /** What was charged or given back may be wrong: the account is to be counted. */
    synchronized void doubt() {
        doubted = true;
    }

    /** The object did not come to be. */
    synchronized void giveBack(long bytes) {
        staged -= bytes;
    }

    /** An object of so many bytes is gone. False when this was given up meanwhile. */
    synchronized boolean free(long bytes, long nowMs) {
        if (closed) {
            return false;
        }
        usedAtMs = nowMs;
        freed += bytes;
        return true;
    }

    /** Writes down what was used, and gives up what nobody has used for a while, or at once, or what is of an account
     * that is being erased, which waits for that. Whether this is given up with it. */
    synchronized boolean flush(long nowMs, boolean atOnce) {
        boolean unused = staged == 0 && reserved + charged + freed != 0;
        boolean over = atOnce || nowMs - usedAtMs >= IDLE_MS;
        boolean idle =
                staged == 0 && (over || (unused && !database.read(handle -> SpaceTable.active(handle, account))));
        boolean tooMuch = reserved > staged + charged + options.quotaBlockBytes();
        if (charged != 0 || freed != 0 || doubted || tooMuch || (idle && reserved != 0)) {
            settled(database.transaction(handle -> settle(handle, idle, nowMs)));
        }
        closed = idle && reserved == 0 && charged == 0 && freed == 0 && !doubted;
        return closed;
    }

    private boolean write(long missing, long nowMs) throws StoreException {
        Written written = written(handle -> reserve(handle, missing, nowMs));
        settled(written);
        return written.enough;
    }

    /** What a transaction wrote, unless the account is being erased. */
    private Written written(Function<Handle, Written> writing) throws StoreException {
        Written written;
        try {
            written = database.transaction(writing::apply);
        } catch (DatabaseException e) {
            throw new StoreException(StoreError.UNAVAILABLE, "it is not known how much space is left", e);
        }
        if (written.charged == Charged.GONE) {
            settled(written);
            throw new StoreException(StoreError.NOT_WRITABLE, "the account is being erased");
        }
        return written;
    }

    /** Settles, and sets more aside if there is as much. */
    private Written reserve(Handle handle, long missing, long nowMs) {
        Written before = settle(handle, false, nowMs);
        Optional<UserStores.Usage> usage = SpaceTable.usage(handle, account, options.quotaBytes());
        if (usage.isEmpty() || !SpaceTable.active(handle, account)) {
            return new Written(false, Charged.GONE, before.reserved);
        }
        // As long as nothing was counted, what is charged is among what is reserved.
        long left = usage.get().quota()
                - usage.get().used()
                - SpaceTable.reserved(handle, account)
                - KeptTable.bytes(handle, account);
        if (left < missing) {
            return new Written(false, before.charged, before.reserved);
        }
        long more = Math.min(left, Math.max(missing, options.quotaBlockBytes()));
        SpaceTable.reserve(handle, account, instance, before.reserved + more);
        return new Written(true, before.charged, before.reserved + more);
    }

    /** Writes down what was used; what is charged is not set aside any more. */
    private Written settle(Handle handle, boolean giveUp, long nowMs) {
        Charged how = SpaceTable.charge(handle, account, charged, freed);
        if (how != Charged.GONE && doubted) {
            SpaceTable.changed(handle, account);
        }
        if (how == Charged.YES && (freed != 0 || doubted)) {
            // Another process may have given back the same object: then the account is to be counted.
            boolean soon = doubted || InstanceTable.several(handle);
            SpaceTable.dueBy(handle, account, nowMs + (soon ? Recount.AGAIN_MS : Recount.ALONE_MS));
        }
        if (how == Charged.GONE) {
            return new Written(false, how, 0);
        }
        // What was never counted stays among what is set aside.
        long kept = how == Charged.YES ? reserved - charged : reserved;
        long needed = how == Charged.YES ? staged : staged + charged;
        long next = Math.min(kept, giveUp ? needed : needed + options.quotaBlockBytes());
        SpaceTable.reserve(handle, account, instance, next);
        return new Written(true, how, next);
    }

    private void settled(Written written) {
        reserved = written.reserved;
        doubted = false; // one that was never counted will be
        if (written.charged != Charged.UNCOUNTED) {
            charged = 0;
            freed = 0;
        }
    }
}
