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
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
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
    private final Leftovers leftovers;
    private final Clock clock;
    private final KeptObjects kept;
    private final BooleanSupplier closing;

    Erasure(
            Database database,
            AccountNames accounts,
            Function<Account, ObjectStore> objects,
            Leftovers leftovers,
            Clock clock,
            KeptObjects kept,
            BooleanSupplier closing) {
        this.kept = kept;
        this.database = database;
        this.accounts = accounts;
        this.objects = objects;
        this.leftovers = leftovers;
        this.clock = clock;
        this.closing = closing;
    }

    /** As far as it goes now: not while a process still works for the account, or something may be left that cannot be deleted. */
    void of(AccountId account) {
        if (!database.transaction(handle -> stopped(handle, account, clock.millis()))) {
            return;
        }
        Map<String, Long> stay = new TreeMap<>();
        @Nullable Exception failure = null;
        try {
            ObjectStore store = objects.apply(accounts.of(account));
            kept.discardAll(account, store, stay);
            deleteObjects(store, stay);
            if (stay.isEmpty() && !closing.getAsBoolean() && isEmpty(store, stay)) {
                deleteRows(account);
            }
        } catch (StoreException | RuntimeException e) {
            failure = e;
        }
        if ((failure != null || !stay.isEmpty()) && !closing.getAsBoolean()) {
            failed(account, stay, failure);
        }
    }

    /** Said once of each account, without names of its objects. */
    private void failed(AccountId account, Map<String, Long> stay, @Nullable Exception failure) {
        if (database.transaction(handle -> ErasureTable.failed(handle, account, clock.millis()))) {
            LOG.warn("account {} cannot be erased yet, which is tried again: {} stay", account, stay, failure);
        } else {
            LOG.debug("account {} cannot be erased yet: {} stay", account, stay, failure);
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
        boolean stopped = handle.createQuery("SELECT (SELECT COUNT(*) FROM grant_offer WHERE account = :account"
                                        + " AND holder IS NOT NULL) + (SELECT COUNT(*) FROM migration WHERE account = :account"
                                        + " AND holder IS NOT NULL)")
                                .bind("account", account.value())
                                .mapTo(Long.class)
                                .one()
                        == 0
                && SpaceTable.unreserved(handle, account);
        if (!stopped) {
            ErasureTable.waits(handle, account, now);
        }
        return stopped;
    }

    /**
     * Deletes everything, and counts by its reason what stays. What is no object, such as a link, is not this program's to delete;
     * what could not be read, or has a name it cannot say, may be the user's and keeps the account.
     */
    private void deleteObjects(ObjectStore store, Map<String, Long> stay) throws StoreException {
        try (ObjectListing listing = store.listSizes("")) {
            List<ListingEntry> page = listing.next(PAGE);
            while (!page.isEmpty()) {
                for (ListingEntry entry : page) {
                    if (closing.getAsBoolean()) {
                        return;
                    }
                    delete(store, entry, stay);
                }
                page = listing.next(PAGE);
            }
        }
    }

    private static void delete(ObjectStore store, ListingEntry entry, Map<String, Long> stay) {
        if (!(entry instanceof ObjectInfo info)) {
            count(entry, stay);
            return;
        }
        try {
            store.delete(info.path());
        } catch (StoreException e) {
            if (e.error() != StoreError.NOT_FOUND) {
                LOG.debug("an object of an account that is erased stays for now", e);
                stay.merge(e.error().name(), 1L, Long::sum);
            }
        }
    }

    /** Whether nothing came while the objects were deleted. */
    private boolean isEmpty(ObjectStore store, Map<String, Long> stay) throws StoreException {
        try (ObjectListing listing = store.listSizes("")) {
            List<ListingEntry> page = listing.next(PAGE);
            while (!page.isEmpty() && !closing.getAsBoolean()) {
                page.forEach(entry -> count(entry, stay));
                page = listing.next(PAGE);
            }
            return page.isEmpty() && stay.isEmpty();
        }
    }

    private static void count(ListingEntry entry, Map<String, Long> stay) {
        if (!(entry instanceof Skipped skipped)) {
            stay.merge("NEW", 1L, Long::sum);
        } else if (skipped.reason().isFailure()) {
            stay.merge(skipped.reason().name(), 1L, Long::sum);
        }
    }

    private void deleteRows(AccountId account) {
        Retention.delete(database, leftovers, account);
        if (leftovers.isClosing()) {
            return; // another process goes on with it
        }
        int gone = database.transaction(handle -> handle.createUpdate("DELETE FROM account WHERE id = :account"
                        + " AND state = 'ERASING' AND NOT EXISTS"
                        + " (SELECT 1 FROM space_reservation WHERE account = :account) AND NOT EXISTS"
                        + " (SELECT 1 FROM kept_object WHERE account = :account)")
                .bind("account", account.value())
                .execute());
        if (gone == 1) {
            LOG.info("account {} is erased", account);
        }
    }
}
