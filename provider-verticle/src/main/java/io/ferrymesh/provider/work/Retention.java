package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.scheme.MigrationId;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;

/** Removes what has ended and is old, a little at a time. Blocking. */
final class Retention {

    private static final int GRANTS = 1_000;
    private static final int MIGRATIONS = 16;
    private static final int OBJECTS = 5_000;

    private static final long EVERY_MS = 60_000;

    private static final long GRANT_LIVES_MS = TimeUnit.DAYS.toMillis(7);

    /** How long one look goes on with more. */
    private static final long BUDGET_MS = 10_000;

    private final Database database;
    private final WorkOptions options;
    private final Clock clock;
    private final Ticker ticker;
    private final Leftovers leftovers;
    private final BooleanSupplier closing;
    private long lookedAtMs;

    Retention(
            Database database,
            WorkOptions options,
            Clock clock,
            Ticker ticker,
            Leftovers leftovers,
            BooleanSupplier closing) {
        this.database = database;
        this.options = options;
        this.clock = clock;
        this.ticker = ticker;
        this.leftovers = leftovers;
        this.closing = closing;
    }

    void look() {
        long now = clock.millis();
        if (Math.abs(now - lookedAtMs) < EVERY_MS) {
            return;
        }
        lookedAtMs = now;
        long before = now - TimeUnit.DAYS.toMillis(options.keepEndedDays());
        long until = ticker.millis() + BUDGET_MS;
        boolean full = true;
        while (full && goesOn(until)) {
            full = deleteGrants(before) == GRANTS;
        }
        forgetKeys(now);
        full = true;
        while (full && goesOn(until)) {
            full = forgetEvents("account_event", before);
        }
        full = true;
        while (full && goesOn(until)) {
            full = forgetEvents("audit_entry", now - TimeUnit.DAYS.toMillis(options.keepAuditDays()));
        }
        full = true;
        while (full && goesOn(until)) {
            full = database.transaction(handle -> endForgotten(handle, before)) == MIGRATIONS;
        }
        full = true;
        while (full && goesOn(until)) {
            List<MigrationId> old = database.transaction(handle -> endForGood(handle, before));
            delete(database, leftovers, old);
            full = old.size() == MIGRATIONS;
        }
    }

    /** No grant lives longer, so no key opens anything any more that is kept to try again what has failed. */
    private void forgetKeys(long now) {
        int unused = database.transaction(handle -> handle.createUpdate("UPDATE migration SET psk = NULL"
                        + " WHERE psk IS NOT NULL AND state = 'COMPLETED' AND finished_at < :before")
                .bind("before", now - GRANT_LIVES_MS)
                .execute());
    }

    /** Whether there may be more. */
    private boolean forgetEvents(String table, long before) {
        return database.transaction(handle -> handle.createUpdate("DELETE FROM " + table
                                + " WHERE at < :before AND (account, number) IN (SELECT account, number FROM " + table
                                + " WHERE at < :before LIMIT :most)")
                        .bind("before", before)
                        .bind("most", OBJECTS)
                        .execute())
                == OBJECTS;
    }

    private boolean goesOn(long untilMs) {
        return ticker.millis() < untilMs && !closing.getAsBoolean();
    }

    /** What pauses and has not changed for so long is as old as what failed then: no grant lives that it could go on under. */
    private static int endForgotten(Handle handle, long before) {
        return handle.createUpdate("UPDATE migration SET state = 'CANCELLED', psk = NULL, finished_at = :before - 1"
                        + " WHERE state = 'PAUSED' AND holder IS NULL AND id IN (SELECT id FROM migration AS resting"
                        + " WHERE state = 'PAUSED' AND holder IS NULL AND created_at < :before AND COALESCE((SELECT at"
                        + " FROM migration_event WHERE migration = resting.id AND number = resting.events), 0) < :before"
                        + " LIMIT :most)")
                .bind("before", before)
                .bind("most", MIGRATIONS)
                .execute();
    }

    /** Migrations that are old, none of which can be resumed any more: what goes in many steps must not come back halfway. */
    private static List<MigrationId> endForGood(Handle handle, long before) {
        return handle.createQuery("UPDATE migration SET psk = NULL,"
                        + " state = CASE WHEN state = 'FAILED' THEN 'CANCELLED' ELSE state END"
                        + " WHERE finished_at < :before AND state IN ('COMPLETED', 'FAILED', 'CANCELLED')"
                        + " AND holder IS NULL AND id IN (SELECT id FROM migration WHERE finished_at < :before"
                        + " AND state IN ('COMPLETED', 'FAILED', 'CANCELLED') AND holder IS NULL LIMIT :most)"
                        + " RETURNING id")
                .bind("before", before)
                .bind("most", MIGRATIONS)
                .mapTo(byte[].class)
                .map(MigrationId::of)
                .list();
    }

    private int deleteGrants(long before) {
        return database.transaction(handle -> handle.createUpdate(
                        "DELETE FROM grant_offer WHERE id IN"
                                + " (SELECT id FROM grant_offer WHERE ended_at < :before AND holder IS NULL AND move_fence IS NULL LIMIT :most)")
                .bind("before", before)
                .bind("most", GRANTS)
                .execute());
    }

    /** Removes every grant and migration of an account that nobody works for. */
    static void delete(Database database, Leftovers leftovers, AccountId account) {
        int unused =
                database.transaction(handle -> handle.createUpdate("DELETE FROM grant_offer WHERE account = :account")
                        .bind("account", account.value())
                        .execute());
        List<MigrationId> some = some(database, account);
        while (!some.isEmpty() && !leftovers.isClosing()) {
            delete(database, leftovers, some);
            some = some(database, account);
        }
    }

    private static List<MigrationId> some(Database database, AccountId account) {
        return database.read(
                handle -> handle.createQuery("SELECT id FROM migration WHERE account = :account LIMIT :most")
                        .bind("account", account.value())
                        .bind("most", MIGRATIONS)
                        .mapTo(byte[].class)
                        .map(MigrationId::of)
                        .list());
    }

    /** Removes migrations, their journals and objects before them. */
    private static void delete(Database database, Leftovers leftovers, List<MigrationId> ids) {
        for (MigrationId id : ids) {
            if (leftovers.isClosing()) {
                return;
            }
            leftovers.remove(id);
            int deleted = OBJECTS;
            while (deleted == OBJECTS && !leftovers.isClosing()) {
                deleted = database.transaction(handle -> ReportTable.delete(handle, id, OBJECTS));
            }
            if (leftovers.isClosing()) {
                return;
            }
            int unused = database.transaction(handle -> handle.createUpdate("DELETE FROM migration WHERE id = :id")
                    .bind("id", id.bytes())
                    .execute());
        }
    }
}
