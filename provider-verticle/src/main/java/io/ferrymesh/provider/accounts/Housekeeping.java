package io.ferrymesh.provider.accounts;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseException;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what has expired, a bounded number of rows at a time, at most once a minute, beside what people ask for. */
final class Housekeeping {

    static final long EVERY_MS = 60_000;
    static final int MOST_ROWS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final Database database;
    private final Clock clock;
    private final long idleMs;
    private final AtomicLong last;

    Housekeeping(Database database, AccountOptions options, Clock clock) {
        this.database = database;
        this.clock = clock;
        this.idleMs = options.sessionIdle().toMillis();
        this.last = new AtomicLong(clock.millis());
    }

    /** Fails for nobody. */
    void ifDue() {
        long now = clock.millis();
        long before = last.get();
        if (Math.abs(now - before) < EVERY_MS || !last.compareAndSet(before, now)) {
            return;
        }
        try {
            int removed = database.transaction(handle -> remove(handle, now));
            LOG.debug("removed {} rows that had expired", removed);
        } catch (DatabaseException e) {
            LOG.debug("what has expired could not be removed now", e);
        }
    }

    private int remove(Handle handle, long now) {
        return remove(handle, "throttle", "mac", "expires_at", now)
                + remove(handle, "spent_challenge", "sha256", "expires_at", now)
                + remove(handle, "session", "id", "expires_at", now)
                + remove(handle, "session", "id", "last_used_at", now - idleMs);
    }

    private static int remove(Handle handle, String table, String key, String time, long until) {
        return handle.createUpdate("DELETE FROM " + table + " WHERE " + key + " IN (SELECT " + key + " FROM " + table
                        + " WHERE " + time + " <= :until LIMIT :most)")
                .bind("until", until)
                .bind("most", MOST_ROWS)
                .execute();
    }
}
