package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseException;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import io.ferrymesh.provider.service.UserStores;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Each account's objects, charged to its space. Blocking; any thread. */
final class AccountStores implements UserStores {

    private static final Logger LOG = LoggerFactory.getLogger(AccountStores.class);

    private final Database database;
    private final Membership membership;
    private final Function<Account, ObjectStore> objects;
    private final WorkOptions options;
    private final Clock clock;
    private final PathLocks locks = new PathLocks();
    private final Map<AccountId, Space> spaces = new ConcurrentHashMap<>();

    /** Accounts of which the last that wanted space got none. */
    private final Set<AccountId> usedUp = ConcurrentHashMap.newKeySet();

    private final Map<String, Object> writers = new ConcurrentHashMap<>();

    AccountStores(
            Database database,
            Membership membership,
            Function<Account, ObjectStore> objects,
            WorkOptions options,
            Clock clock) {
        this.database = database;
        this.membership = membership;
        this.objects = objects;
        this.options = options;
        this.clock = clock;
    }

    @Override
    public ObjectStore of(Account account) {
        return new ChargedStore(objects.apply(account), account.id(), this, locks);
    }

    @Override
    public Usage usage(Account account) {
        Space mine = spaces.get(account.id());
        return Checks.translated(database, () -> {
            if (mine != null && membership.is(mine.instance())) {
                boolean unused = mine.flush(clock.millis(), false);
            }
            return database.read(handle -> SpaceTable.usage(handle, account.id(), options.quotaBytes()))
                    .orElseThrow(() -> new ServiceException(ServiceError.NOT_FOUND, "there is no such account"));
        });
    }

    @Override
    public long cost(ObjectPath path, long size) {
        return options.cost(path, size);
    }

    /** Sets so much of an account's space aside, where it is to be charged or given back. */
    Space claim(AccountId account, long bytes) throws StoreException {
        while (true) {
            Space space = space(account);
            if (noted(account, () -> space.claim(bytes, clock.millis()))) {
                return space;
            }
        }
    }

    /** Something that needs space, and may not get it. */
    @FunctionalInterface
    private interface Claim {
        boolean get() throws StoreException;
    }

    private boolean noted(AccountId account, Claim claim) throws StoreException {
        try {
            boolean got = claim.get();
            if (got && !usedUp.isEmpty()) {
                boolean unused = usedUp.remove(account);
            }
            return got;
        } catch (StoreException e) {
            if (e.error() == StoreError.FULL) {
                boolean unused = usedUp.add(account);
            }
            throw e;
        }
    }

    /**
     * What is left of an account's space, but for what objects on their way have set aside: that may be used or come back. Fails with
     * UNAVAILABLE when nobody knows, NOT_WRITABLE for an account that is gone.
     */
    long left(AccountId account) throws StoreException {
        try {
            Space mine = spaces.get(account);
            if (mine != null && membership.is(mine.instance())) {
                boolean unused = mine.flush(clock.millis(), false);
            }
            return database.read(handle -> SpaceTable.usage(handle, account, options.quotaBytes())
                            .map(usage -> usage.quota() - usage.used() - KeptTable.bytes(handle, account)))
                    .orElseThrow(() -> new StoreException(StoreError.NOT_WRITABLE, "there is no such account"));
        } catch (DatabaseException e) {
            throw new StoreException(StoreError.UNAVAILABLE, "it is not known how much space is left", e);
        }
    }

    /** Fails with FULL when less than this is left of an account's space, and takes note of it; otherwise like {@link #left}. */
    void requireLeft(AccountId account, long bytes) throws StoreException {
        long left = left(account);
        boolean enough = noted(account, () -> {
            if (left < bytes) {
                throw new StoreException(
                        StoreError.FULL,
                        "%d bytes of the account's space are needed and %d are left"
                                .formatted(bytes, Math.max(0, left)));
            }
            return true;
        });
        assert enough;
    }

    /** Whether an account's space was used up when something last wanted some here. */
    boolean isUsedUp(AccountId account) {
        return usedUp.contains(account);
    }

    /** What is set aside for an object is held by the object, which is kept under a token. Fails like {@link #claim}. */
    void keep(Space space, ObjectPath path, String token, long bytes) throws StoreException {
        space.keep(path, token, bytes, clock.millis());
    }

    /** Sets aside what a kept object holds, for it to be published. Fails like {@link #claim}. */
    Space takeBack(AccountId account, ObjectPath path, String token, long bytes) throws StoreException {
        while (true) {
            Space space = space(account);
            if (noted(account, () -> space.takeBack(path, token, bytes, clock.millis()))) {
                return space;
            }
        }
    }

    /** Takes note that somebody works on a kept object; whether it holds so much. Fails with UNAVAILABLE when nobody knows. */
    boolean touch(AccountId account, String token, long bytes) throws StoreException {
        try {
            return database.transaction(handle -> KeptTable.touch(handle, account, token, bytes, clock.millis()));
        } catch (DatabaseException e) {
            throw new StoreException(StoreError.UNAVAILABLE, "it is not known how much space is left", e);
        }
    }

    /** Nothing is kept under a token any more, whether that can be noted now or is found later. */
    void forget(AccountId account, ObjectPath path, String token) {
        try {
            boolean unused = database.transaction(handle -> {
                KeptTable.remove(handle, account, path, token);
                return true;
            });
        } catch (DatabaseException e) {
            LOG.debug("what account {} kept is forgotten later", account, e);
        }
    }

    /** Who writes what is kept, in this process, by token. */
    Map<String, Object> writers() {
        return writers;
    }

    long nowMs() {
        return clock.millis();
    }

    /** Why nothing may be published for an account, if so: it is being erased, or nobody knows. */
    Optional<StoreException> refusal(AccountId account) {
        try {
            return database.read(handle -> SpaceTable.active(handle, account))
                    ? Optional.empty()
                    : Optional.of(new StoreException(StoreError.NOT_WRITABLE, "the account is being erased"));
        } catch (DatabaseException e) {
            return Optional.of(
                    new StoreException(StoreError.UNAVAILABLE, "it is not known whether the account may be used", e));
        }
    }

    /** So much of an account's space is free again. */
    void free(AccountId account, long bytes) throws StoreException {
        boolean freed = false;
        while (!freed) {
            freed = space(account).free(bytes, clock.millis());
        }
    }

    /** Refuses to go on with what is on its way for an account that is being erased. */
    void requireActive(Space space) throws StoreException {
        space.requireActive(clock.millis());
    }

    /** Nobody knows what became of an object or how large it was: the account is to be counted. */
    void doubt(AccountId account) {
        Space space = spaces.get(account);
        if (space != null) {
            space.doubt();
        }
    }

    /** Writes down what one account used since. */
    void flush(AccountId account) {
        Space space = spaces.get(account);
        if (space != null && membership.is(space.instance()) && space.flush(clock.millis(), false)) {
            boolean unused = spaces.remove(account, space);
        }
    }

    /** Writes down what was used since. */
    void flush() {
        flush(false);
    }

    /** The same for the last time: gives up what is set aside. */
    void close() {
        flush(true);
    }

    private void flush(boolean atOnce) {
        spaces.forEach((account, space) -> {
            if (!membership.is(space.instance()) || space.flush(clock.millis(), atOnce)) {
                boolean unused = spaces.remove(account, space);
            }
        });
    }

    private Space space(AccountId account) throws StoreException {
        @Nullable String instance = membership.id();
        if (instance == null) {
            throw new StoreException(StoreError.UNAVAILABLE, "it is not known how much space is left");
        }
        Space space = spaces.compute(
                account,
                (id, before) -> before != null
                                && !before.isClosed()
                                && before.instance().equals(instance)
                        ? before
                        : new Space(database, account, instance, options));
        if (space == null) {
            throw new IllegalStateException("no space of account " + account);
        }
        return space;
    }
}
