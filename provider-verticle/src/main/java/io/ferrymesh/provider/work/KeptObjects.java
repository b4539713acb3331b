package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.work.KeptTable.Kept;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes objects on their way that nobody will go on with. What is gone already is no failure. Blocking. */
final class KeptObjects {

    /** As long as stores keep what nobody touches: docs/stores.md. */
    static final long KEPT_MS = TimeUnit.DAYS.toMillis(14);

    private static final Logger LOG = LoggerFactory.getLogger(KeptObjects.class);

    private static final int SOME = 100;

    private final Database database;
    private final AccountNames accounts;
    private final Function<Account, ObjectStore> objects;
    private final Clock clock;
    private final BooleanSupplier closing;

    KeptObjects(
            Database database,
            AccountNames accounts,
            Function<Account, ObjectStore> objects,
            Clock clock,
            BooleanSupplier closing) {
        this.database = database;
        this.accounts = accounts;
        this.objects = objects;
        this.clock = clock;
        this.closing = closing;
    }

    /** Removes some that nobody has worked on for long, so that they hold no space. What cannot be removed is left to the store. */
    void discardUntouched() {
        long before = clock.millis() - KEPT_MS;
        List<Kept> old = database.transaction(handle -> KeptTable.takeUntouched(handle, before, SOME));
        for (Kept kept : old) {
            try {
                objects.apply(accounts.of(kept.account())).discard(kept.path(), kept.token());
            } catch (StoreException | RuntimeException e) {
                LOG.debug("the store is left to remove what account {} kept", kept.account(), e);
            }
        }
    }

    /** Removes all of an account, and counts by its reason what stays. */
    void discardAll(AccountId account, ObjectStore store, Map<String, Long> stay) {
        boolean more = true;
        while (more && stay.isEmpty() && !closing.getAsBoolean()) {
            List<Kept> some = database.read(handle -> KeptTable.of(handle, account, SOME));
            some.forEach(kept -> discard(kept, store, stay));
            more = !some.isEmpty();
        }
    }

    private void discard(Kept kept, ObjectStore store, Map<String, Long> stay) {
        try {
            store.discard(kept.path(), kept.token());
        } catch (StoreException e) {
            LOG.debug("what an account that is erased kept stays for now", e);
            stay.merge(e.error().name(), 1L, Long::sum);
            return;
        }
        boolean unused = database.transaction(handle -> {
            KeptTable.remove(handle, kept.account(), kept.path(), kept.token());
            return true;
        });
    }
}
