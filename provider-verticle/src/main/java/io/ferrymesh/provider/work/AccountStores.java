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
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Each account's objects, charged to its space. Blocking; any thread. */
final class AccountStores implements UserStores {

    private final Database database;
    private final Membership membership;
    private final Function<Account, ObjectStore> objects;
    private final WorkOptions options;
    private final Clock clock;
    private final PathLocks locks = new PathLocks();
    private final Map<AccountId, Space> spaces = new ConcurrentHashMap<>();

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
            if (space.claim(bytes, clock.millis())) {
                return space;
            }
        }
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
