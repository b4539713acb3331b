package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.scheme.MigrationId;
import java.time.Clock;

/** Ends migrations that are not done by when their users want them, whoever drives them. The work thread only. */
final class Deadlines {

    private final Database database;
    private final Clock clock;
    private final long everyMs;
    private long lookedAtMs;

    Deadlines(Database database, Clock clock, long everyMs) {
        this.database = database;
        this.clock = clock;
        this.everyMs = everyMs;
    }

    /** Looks at everything, if it has not been looked at lately. */
    void look() {
        long now = clock.millis();
        if (Math.abs(now - lookedAtMs) < everyMs) {
            return;
        }
        lookedAtMs = now;
        if (database.read(MigrationTimes::anyShown)) {
            boolean unused = database.transaction(handle -> {
                MigrationTimes.hide(handle);
                return true;
            });
        }
        for (MigrationId id : database.read(handle -> MigrationTimes.late(handle, now))) {
            boolean unused = database.transaction(handle -> {
                MigrationTimes.expire(handle, id, now);
                return true;
            });
        }
    }
}
