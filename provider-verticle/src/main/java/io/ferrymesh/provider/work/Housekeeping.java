package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.stores.ObjectStore;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Erases accounts, counts what they use, and removes what is old. Each account's turn is one process's. Its own thread only. */
final class Housekeeping {

    static final long EVERY_MS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    /** Most accounts of a kind in one look. */
    private static final int ACCOUNTS = 16;

    private static final String ERASE = "erase";
    private static final String COUNT = "count";

    private final Database database;
    private final Membership membership;
    private final Erasure erasure;
    private final Recount recount;
    private final Retention retention;
    private final Clock clock;
    private volatile boolean closing;

    Housekeeping(
            Database database,
            Membership membership,
            Function<Account, ObjectStore> objects,
            WorkOptions options,
            Clock clock,
            Ticker ticker,
            Consumer<AccountId> written) {
        this.database = database;
        this.membership = membership;
        AccountNames accounts = new AccountNames(database);
        this.erasure = new Erasure(database, accounts, objects, clock, this::isClosing);
        this.recount = new Recount(database, accounts, objects, options, clock, written, this::isClosing);
        this.retention = new Retention(database, options, clock, ticker, this::isClosing);
        this.clock = clock;
    }

    /** Looks at everything once. */
    void look() {
        String instance = membership.id();
        if (instance == null) {
            return;
        }
        try {
            retention.look(); // first: what follows may take hours
        } finally {
            lookAtAccounts(instance);
        }
    }

    /** Begins nothing any more, and has what is under way end after the object or page it is at. */
    void close() {
        closing = true;
    }

    private boolean isClosing() {
        return closing;
    }

    private void lookAtAccounts(String instance) {
        database.read(handle -> ErasureTable.due(handle, clock.millis(), ACCOUNTS))
                .forEach(account -> once(ERASE, account, instance, () -> erasure.of(account)));
        database.read(handle -> SpaceTable.uncounted(handle, clock.millis(), ACCOUNTS))
                .forEach(account -> once(COUNT, account, instance, () -> recount.of(account)));
    }

    /** Does it unless another process does; one that fails does not keep the others from their turn. */
    private void once(String job, AccountId account, String instance, Runnable work) {
        if (closing || !database.transaction(handle -> JobTable.take(handle, job, account, instance))) {
            return;
        }
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("to {} account {} is tried again", job, account, e);
        } finally {
            boolean unused = database.transaction(handle -> {
                JobTable.leave(handle, job, account, instance);
                return true;
            });
        }
    }
}
