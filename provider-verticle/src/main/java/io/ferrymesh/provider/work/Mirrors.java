package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.mesh.LogFields;
import io.ferrymesh.provider.engine.MigrationEngine;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.MirrorView.Reason;
import io.ferrymesh.provider.service.UserStores;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes at the destination of a mirror what its source has not got, once its receipt is kept. All of it is counted before the first
 * is removed. Each account's turn is one process's; done again it goes on where it was. Its own thread only, which goes from one account
 * to the next after a few objects.
 */
final class Mirrors {

    static final long EVERY_MS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Mirrors.class);

    /** Most accounts that have their turns at the same time. */
    private static final int AT_ONCE = 16;

    private final Database database;
    private final Membership membership;
    private final AccountNames accounts;
    private final UserStores stores;
    private final WorkOptions options;
    private final Clock clock;
    private volatile boolean closing;

    Mirrors(
            Database database,
            Membership membership,
            AccountNames accounts,
            UserStores stores,
            WorkOptions options,
            Clock clock) {
        this.database = database;
        this.membership = membership;
        this.accounts = accounts;
        this.stores = stores;
        this.options = options;
        this.clock = clock;
    }

    /** Goes on with all that is due until nothing more is, a little of each account's in turn; the engine knows what is selected. */
    void look(MigrationEngine engine) {
        String instance = membership.id();
        if (instance == null || closing) {
            return;
        }
        Map<MirrorTurn, AccountId> turns = new LinkedHashMap<>();
        try {
            do {
                begin(engine, instance, turns);
                List.copyOf(turns.keySet()).forEach(turn -> goOn(turn, instance, turns));
            } while (!turns.isEmpty());
        } finally {
            turns.forEach((turn, account) -> leave(turn, account, instance));
        }
    }

    /** Ends after the object at hand. */
    void close() {
        closing = true;
    }

    private void begin(MigrationEngine engine, String instance, Map<MirrorTurn, AccountId> turns) {
        int most = AT_ONCE - turns.size();
        if (most <= 0) {
            return;
        }
        for (MigrationId id : database.read(handle -> MirrorTable.due(handle, clock.millis(), most))) {
            database.read(handle -> MirrorTable.account(handle, id)).ifPresent(account -> {
                if (!closing
                        && database.transaction(
                                handle -> MirrorTable.take(handle, id, account, instance, clock.millis()))) {
                    begin(engine, id, account, instance, turns);
                }
            });
        }
    }

    private void begin(
            MigrationEngine engine,
            MigrationId id,
            AccountId account,
            String instance,
            Map<MirrorTurn, AccountId> turns) {
        boolean begun = false;
        try {
            Optional<MirrorTable.Due> due = database.read(handle -> MirrorTable.find(handle, id, instance));
            due.ifPresent(found -> {
                ObjectStore store = stores.of(accounts.of(account));
                turns.put(
                        new MirrorTurn(
                                database,
                                membership,
                                clock,
                                options.maxReportObjects(),
                                found,
                                instance,
                                engine.selects(found.options().selection()),
                                store,
                                () -> closing),
                        account);
            });
            begun = due.isPresent();
        } catch (RuntimeException e) {
            postpone(id, account, instance, e);
        } finally {
            if (!begun) {
                change(handle -> JobTable.leave(handle, MirrorTable.JOB, account, instance));
            }
        }
    }

    private void goOn(MirrorTurn turn, String instance, Map<MirrorTurn, AccountId> turns) {
        boolean more = false;
        try {
            more = turn.goOn();
        } catch (StoreException | RuntimeException e) { // what it says may have a user's paths in it
            postpone(turn.id(), Objects.requireNonNull(turns.get(turn)), instance, e);
        }
        if (!more) {
            leave(turn, Objects.requireNonNull(turns.remove(turn)), instance);
        }
    }

    private void postpone(MigrationId id, AccountId account, String instance, Exception e) {
        LOG.atWarn()
                .addKeyValue(LogFields.MIGRATION, id)
                .log("to remove what the source has not is tried again: {}", id);
        LOG.debug("migration {} is no mirror yet", id, e);
        Reason why = e instanceof StoreException away && MirrorTurn.isAway(away)
                ? Reason.STORE_UNAVAILABLE
                : Reason.STORE_FAILED;
        change(handle -> MirrorTable.postpone(handle, id, account, instance, why, clock.millis()));
    }

    private void leave(MirrorTurn turn, AccountId account, String instance) {
        turn.close();
        change(handle -> JobTable.leave(handle, MirrorTable.JOB, account, instance));
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
