package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.stores.ListingEntry;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.Skipped;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of an account: its grants and migrations first, then its objects, at last its row, with which its name is free. Done
 * again from the start it goes on where it was, because what is gone is gone. Blocking.
 */
final class Erasure {

    private static final Logger LOG = LoggerFactory.getLogger(Erasure.class);

    private static final int PAGE = 1_000;

    private final Database database;
    private final AccountNames accounts;
    private final Function<Account, ObjectStore> objects;
    private final Clock clock;

    Erasure(Database database, AccountNames accounts, Function<Account, ObjectStore> objects, Clock clock) {
        this.database = database;
        this.accounts = accounts;
        this.objects = objects;
        this.clock = clock;
    }

    /** Accounts to be erased. */
    static List<AccountId> due(Handle handle, int limit) {
        return handle.createQuery("SELECT id FROM account WHERE state = 'ERASING' ORDER BY id LIMIT :limit")
                .bind("limit", limit)
                .mapTo(Long.class)
                .map(AccountId::new)
                .list();
    }

    /** As far as it goes now: not while a process still works for the account, or something may be left that cannot be deleted. */
    void of(AccountId account) {
        if (!database.transaction(handle -> stopped(handle, account, clock.millis()))) {
            return;
        }
        try {
            ObjectStore store = objects.apply(accounts.of(account));
            if (deleteObjects(store) && isEmpty(store)) {
                deleteRows(account);
            }
        } catch (StoreException e) {
            LOG.warn("the objects of account {} cannot be deleted now", account, e);
        }
    }

    /** Ends everything; whether nobody works on any of it, or has an object of the account on its way. */
    private static boolean stopped(Handle handle, AccountId account, long now) {
        Statements.run(handle.createUpdate("UPDATE grant_offer SET state = 'WITHDRAWN', psk = NULL, ended_at = :now,"
                        + " signal = CASE WHEN holder IS NULL THEN 0 ELSE 1 END"
                        + " WHERE account = :account AND ended_at IS NULL")
                .bind("now", now)
                .bind("account", account.value()));
        Statements.run(handle.createUpdate("UPDATE migration SET state = 'CANCELLED', psk = NULL, finished_at = :now,"
                        + " signal = CASE WHEN holder IS NULL THEN 0 ELSE 1 END"
                        + " WHERE account = :account AND state NOT IN ('COMPLETED', 'CANCELLED')")
                .bind("now", now)
                .bind("account", account.value()));
        return handle.createQuery("SELECT (SELECT COUNT(*) FROM grant_offer WHERE account = :account"
                                        + " AND holder IS NOT NULL) + (SELECT COUNT(*) FROM migration WHERE account = :account"
                                        + " AND holder IS NOT NULL)")
                                .bind("account", account.value())
                                .mapTo(Long.class)
                                .one()
                        == 0
                && SpaceTable.unreserved(handle, account);
    }

    /**
     * Whether everything is gone as far as that can be seen. What is no object, such as a link, is not this program's to delete;
     * what could not be read, or has a name it cannot say, may be the user's and keeps the account.
     */
    private static boolean deleteObjects(ObjectStore store) throws StoreException {
        boolean all = true;
        try (ObjectListing listing = store.list("")) {
            List<ListingEntry> page = listing.next(PAGE);
            while (!page.isEmpty()) {
                for (ListingEntry entry : page) {
                    all &= entry instanceof ObjectInfo info ? deleted(store, info) : mayStay(entry);
                }
                page = listing.next(PAGE);
            }
        }
        return all;
    }

    /** Whether nothing came while the objects were deleted. */
    private static boolean isEmpty(ObjectStore store) throws StoreException {
        try (ObjectListing listing = store.list("")) {
            List<ListingEntry> page = listing.next(PAGE);
            while (!page.isEmpty()) {
                if (!page.stream().allMatch(Erasure::mayStay)) {
                    return false;
                }
                page = listing.next(PAGE);
            }
            return true;
        }
    }

    private static boolean mayStay(ListingEntry entry) {
        return entry instanceof Skipped skipped && !skipped.reason().isFailure();
    }

    private static boolean deleted(ObjectStore store, ObjectInfo info) {
        try {
            store.delete(info.path());
            return true;
        } catch (StoreException e) {
            if (e.error() != StoreError.NOT_FOUND) {
                LOG.debug("an object of an account that is erased stays for now", e);
            }
            return e.error() == StoreError.NOT_FOUND;
        }
    }

    private void deleteRows(AccountId account) {
        Retention.delete(database, account);
        int gone = database.transaction(handle -> handle.createUpdate("DELETE FROM account WHERE id = :account"
                        + " AND state = 'ERASING' AND NOT EXISTS"
                        + " (SELECT 1 FROM space_reservation WHERE account = :account)")
                .bind("account", account.value())
                .execute());
        if (gone == 1) {
            LOG.info("account {} is erased", account);
        }
    }
}
