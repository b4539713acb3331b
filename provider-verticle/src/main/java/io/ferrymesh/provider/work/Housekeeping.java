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

/** Erases accounts, counts what they use, and removes what is old or was never finished. Each account's turn is one process's. Its own thread only. */
final class Housekeeping {

    static final long EVERY_MS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    /** Most accounts of a kind in one look. */
    private static final int ACCOUNTS = 16;

    private static final String ERASE = "erase";
    private static final String COUNT = "count";

    /** A job of the whole provider. */
    private static final String TIDY = "tidy";

    private static final AccountId OF_NO_ACCOUNT = new AccountId(1);

    private final Database database;
    private final Membership membership;
    private final KeptObjects kept;
    private final Erasure erasure;
    private final Recount recount;
    private final Retention retention;
    private final Leftovers leftovers;
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
        this.kept = new KeptObjects(database, accounts, objects, clock, this::isClosing);
        this.leftovers = new Leftovers(database, accounts, objects, this::isClosing);
        this.erasure = new Erasure(database, accounts, objects, leftovers, clock, kept, this::isClosing);
        this.recount = new Recount(database, accounts, objects, options, clock, written, this::isClosing);
        this.retention = new Retention(database, options, clock, ticker, leftovers, this::isClosing);
        this.clock = clock;
    }

    /** Looks at everything once. */
    void look() {
        String instance = membership.id();
        if (instance == null) {
            return;
        }
        once(
                TIDY,
                OF_NO_ACCOUNT,
                instance,
                () -> { // first what is short: what follows may take hours
                    guarded("old rows are", retention::look);
                    guarded("what nobody goes on with is", kept::discardUntouched);
                    guarded("journals of what has ended are", leftovers::look);
                });
        lookAtAccounts(instance);
    }

    /** What fails keeps nothing else from its turn. */
    private void guarded(String what, Runnable work) {
        try {
            if (!closing) {
                work.run();
            }
        } catch (RuntimeException e) {
            LOG.warn("{} removed later", what, e);
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
            LOG.warn("to {} {} is tried again", job, job.equals(TIDY) ? "up" : "account " + account, e);
        } finally {
            boolean unused = database.transaction(handle -> {
                JobTable.leave(handle, job, account, instance);
                return true;
            });
        }
    }
}
