package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.service.MigrationView.State;
import java.util.EnumMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Counts what there is to do, now and then, so that asking for it costs nothing and never fails. */
final class Figures {

    static final long EVERY_MS = 10_000;

    /** As the index has it, so that what has ended, which is most, is not read. */
    private static final String LIVE = " WHERE state NOT IN ('COMPLETED', 'CANCELLED')";

    private final Database database;
    private volatile Counted last = new Counted(byState(Map.of()), null, 0, 0);

    /** What the database had. */
    private record Counted(
            Map<State, Long> byState, @Nullable Long queuedSinceMs, long accountsErasing, long instances) {}

    Figures(Database database) {
        this.database = database;
    }

    /** Asks the database. Blocking. */
    void look() {
        last = database.read(Figures::count);
    }

    /** What it had when it was last asked. Any thread. */
    WorkFigures figures(int grantsOffered, int migrationsDriven, long nowMs) {
        Counted counted = last;
        Long since = counted.queuedSinceMs;
        long seconds = since == null ? 0 : Math.max(0, (nowMs - since) / 1_000);
        return new WorkFigures(
                grantsOffered, migrationsDriven, counted.byState, seconds, counted.accountsErasing, counted.instances);
    }

    private static Counted count(Handle handle) {
        Map<String, Long> byState = handle.createQuery(
                        "SELECT state, COUNT(*) AS count FROM migration" + LIVE + " GROUP BY state")
                .reduceRows(new java.util.HashMap<>(), (all, row) -> {
                    all.put(row.getColumn("state", String.class), row.getColumn("count", Long.class));
                    return all;
                });
        // Its last event is how it came to wait: it may be much older, and have run before.
        Long since = handle.createQuery("SELECT MIN(migration_event.at) FROM migration JOIN migration_event"
                        + " ON migration_event.migration = migration.id AND migration_event.number = migration.events"
                        + " WHERE migration.state NOT IN ('COMPLETED', 'CANCELLED') AND migration.state = 'QUEUED'")
                .mapTo(Long.class)
                .findOne()
                .orElse(null);
        return new Counted(
                byState(byState),
                since,
                one(handle, "SELECT COUNT(*) FROM account WHERE state = 'ERASING'"),
                one(handle, "SELECT COUNT(*) FROM instance"));
    }

    private static Map<State, Long> byState(Map<String, Long> found) {
        Map<State, Long> all = new EnumMap<>(State.class);
        for (State state : State.values()) {
            if (state != State.COMPLETED && state != State.CANCELLED) {
                all.put(state, found.getOrDefault(state.name(), 0L));
            }
        }
        return all;
    }

    private static long one(Handle handle, String sql) {
        return handle.createQuery(sql).mapTo(Long.class).one();
    }
}
