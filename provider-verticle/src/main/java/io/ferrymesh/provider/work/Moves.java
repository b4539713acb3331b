package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.mesh.LogFields;
import io.ferrymesh.provider.service.UserStores;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Erases at the source what has moved: what the receipt of a run covers that both ends have signed and the destination has, and is
 * still what was sent. Each account's turn is one process's; done again it goes on where it was. Its own thread only.
 */
final class Moves {

    static final long EVERY_MS = 1_000;

    /** How often an object is tried that the store does not erase. */
    static final int ATTEMPTS = 8;

    private static final Logger LOG = LoggerFactory.getLogger(Moves.class);

    private static final String JOB = "move";
    private static final int GRANTS = 16;
    private static final int PAGE = 100;

    /** After so long others have their turn, and the rest waits for the next. */
    static final long TURN_MS = 10_000;

    private static final int ROWS = 5_000;
    private static final long FIRST_MS = 5_000;
    private static final long LAST_MS = 3_600_000;

    private final Database database;
    private final Membership membership;
    private final AccountNames accounts;
    private final UserStores stores;
    private final Clock clock;
    private volatile boolean closing;

    Moves(Database database, Membership membership, AccountNames accounts, UserStores stores, Clock clock) {
        this.database = database;
        this.membership = membership;
        this.accounts = accounts;
        this.stores = stores;
        this.clock = clock;
    }

    /** Looks at everything once. */
    void look() {
        String instance = membership.id();
        if (instance == null || closing) {
            return;
        }
        database.read(handle -> DepartureTable.due(handle, JOB, instance, clock.millis(), GRANTS))
                .forEach(due -> once(due, instance));
        database.read(handle -> DepartureTable.useless(handle, GRANTS)).forEach(this::clear);
    }

    /** Ends after the object at hand. */
    void close() {
        closing = true;
    }

    private void once(DepartureTable.Due due, String instance) {
        if (closing || !database.transaction(handle -> JobTable.take(handle, JOB, due.account(), instance))) {
            return;
        }
        try {
            erase(due, instance);
        } catch (StoreException | RuntimeException e) { // what it says may have a user's paths in it
            LOG.atWarn()
                    .addKeyValue(LogFields.MIGRATION, due.id())
                    .log("to erase what moved is tried again: {}", due.id());
            LOG.debug("what moved under {} is not erased yet", due.id(), e);
            change(handle -> DepartureTable.postpone(handle, due, clock.millis(), Moves::backoff));
        } finally {
            change(handle -> JobTable.leave(handle, JOB, due.account(), instance));
        }
    }

    private void erase(DepartureTable.Due due, String instance) throws StoreException {
        ObjectStore store = stores.of(accounts.of(due.account()));
        long until = clock.millis() + TURN_MS;
        List<DepartureTable.Row> page = page(due);
        while (!page.isEmpty()) {
            for (DepartureTable.Row row : page) {
                if (closing || !membership.is(instance)) {
                    return;
                }
                if (clock.millis() >= until) {
                    change(handle -> DepartureTable.waits(handle, due, clock.millis()));
                    return;
                }
                erase(store, due, row);
            }
            page = page(due);
        }
        boolean more = true;
        while (more && !closing) {
            more = database.transaction(handle -> DepartureTable.clearOthers(handle, due, ROWS));
        }
        if (!closing) {
            change(handle -> DepartureTable.conclude(handle, due, clock.millis()));
        }
    }

    private List<DepartureTable.Row> page(DepartureTable.Due due) {
        return database.read(handle -> DepartureTable.page(handle, due, clock.millis(), PAGE));
    }

    private void erase(ObjectStore store, DepartureTable.Due due, DepartureTable.Row row) throws StoreException {
        DepartureTable.Fate fate = fate(store, row);
        if (fate == DepartureTable.Fate.FAILED && row.attempts() + 1 < ATTEMPTS) {
            long dueAt = clock.millis() + backoff(row.attempts() + 1);
            change(handle -> DepartureTable.again(handle, due, row, dueAt));
        } else {
            change(handle -> DepartureTable.settled(handle, due, row, fate));
        }
    }

    /**
     * Only what is known to be what was read goes; of a directory, which has no content, its name is enough. What is not there any more
     * is as good as erased; it may have been by whoever was killed before they could say so. */
    private static DepartureTable.Fate fate(ObjectStore store, DepartureTable.Row row) throws StoreException {
        Optional<ObjectInfo> sent = row.info();
        if (sent.isEmpty()) {
            return DepartureTable.Fate.KEPT;
        }
        try {
            ObjectDetails now = store.details(sent.get().path());
            boolean read =
                    row.etag().map(now.etag()::equals).orElse(sent.get().path().isDirectory());
            if (!read || !now.info().equals(sent.get())) {
                return DepartureTable.Fate.KEPT;
            }
            store.delete(sent.get().path(), now.etag());
            return DepartureTable.Fate.ERASED;
        } catch (StoreException e) {
            return switch (e.error()) {
                case NOT_FOUND -> DepartureTable.Fate.ERASED;
                case CHANGED -> DepartureTable.Fate.KEPT;
                case UNAVAILABLE, THROTTLED -> throw e;
                default -> DepartureTable.Fate.FAILED;
            };
        }
    }

    private void clear(MigrationId id) {
        boolean more = true;
        while (more && !closing) {
            more = database.transaction(handle -> DepartureTable.clear(handle, id, ROWS));
        }
    }

    /** How long something waits that has failed so many times in a row. */
    static long backoff(long failures) {
        return Math.min(LAST_MS, FIRST_MS << Math.min(Math.max(0, failures - 1), 20));
    }

    private interface Change {
        void in(org.jdbi.v3.core.Handle handle);
    }

    private void change(Change change) {
        boolean unused = database.transaction(handle -> {
            change.in(handle);
            return true;
        });
    }
}
