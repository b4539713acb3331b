package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.service.MigrationView.State;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Counts what there is to do, now and then, so that asking for it costs nothing and never fails. */
final class Figures {

    static final long EVERY_MS = 10_000;

    /** As the index has it, so that what has ended, which is most, is not read. */
    private static final String LIVE = " WHERE state NOT IN ('COMPLETED', 'CANCELLED')";

    private final Database database;
    private final Clock clock;
    private volatile Counted last = new Counted(byState(Map.of()), null, 0, 0);
    private volatile UpkeepFigures upkeep = UpkeepFigures.NONE;

    /** What the database had. */
    private record Counted(
            Map<State, Long> byState, @Nullable Long queuedSinceMs, long accountsErasing, long instances) {}

    Figures(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Asks the database. Blocking. */
    void look() {
        long now = clock.millis();
        last = database.read(handle -> count(handle, now));
        upkeep = database.read(handle -> upkeep(handle, now));
    }

    /** What rests, waits or piles up, as the database had it when it was last asked. Any thread. */
    UpkeepFigures upkeep() {
        return upkeep;
    }

    /** What it had when it was last asked. Any thread. */
    WorkFigures figures(int grantsOffered, int migrationsDriven, long nowMs) {
        Counted counted = last;
        Long since = counted.queuedSinceMs;
        long seconds = since == null ? 0 : Math.max(0, (nowMs - since) / 1_000);
        return new WorkFigures(
                grantsOffered, migrationsDriven, counted.byState, seconds, counted.accountsErasing, counted.instances);
    }

    private static Counted count(Handle handle, long now) {
        Map<String, Long> byState = handle.createQuery(
                        "SELECT shown, COUNT(*) AS count FROM (SELECT CASE WHEN state = 'QUEUED' AND start_at > :now"
                                + " THEN 'SCHEDULED' ELSE state END AS shown FROM migration" + LIVE
                                + ") AS live GROUP BY shown")
                .bind("now", now)
                .reduceRows(new java.util.HashMap<>(), (all, row) -> {
                    all.put(row.getColumn("shown", String.class), row.getColumn("count", Long.class));
                    return all;
                });
        byState.put(State.MIRRORING.name(), one(handle, "SELECT COUNT(*) FROM migration WHERE mirror = 'RUNNING'"));
        // It waits since it was queued first after it last ran or rested, if it was to begin then; attempts in between
        // change nothing.
        Long since = handle.createQuery("SELECT MIN(CASE WHEN migration.start_at > migration_event.at"
                        + " THEN migration.start_at ELSE migration_event.at END) FROM migration JOIN migration_event"
                        + " ON migration_event.migration = migration.id AND migration_event.number = (SELECT MIN(number)"
                        + " FROM migration_event AS waits WHERE waits.migration = migration.id AND waits.number >"
                        + " COALESCE((SELECT MAX(number) FROM migration_event AS ran WHERE ran.migration = migration.id"
                        + " AND ran.state NOT IN ('SCHEDULED', 'QUEUED', 'CONNECTING')), 0))"
                        + " WHERE migration.state NOT IN ('COMPLETED', 'CANCELLED') AND (migration.state = 'QUEUED'"
                        + " OR migration.state = 'CONNECTING' AND migration.failure_code IS NOT NULL)"
                        + " AND (migration.start_at IS NULL OR migration.start_at <= :now)")
                .bind("now", now)
                .mapTo(Long.class)
                .findOne()
                .orElse(null);
        return new Counted(
                byState(byState),
                since,
                one(handle, "SELECT COUNT(*) FROM account WHERE state = 'ERASING'"),
                one(handle, "SELECT COUNT(*) FROM instance"));
    }

    private static UpkeepFigures upkeep(Handle handle, long now) {
        Map<String, Long> paused = handle.createQuery(
                        "SELECT COALESCE(failure_code, :user) AS reason, COUNT(*) AS count"
                                + " FROM migration WHERE state NOT IN ('COMPLETED', 'CANCELLED') AND state = 'PAUSED' GROUP BY reason")
                .bind("user", UpkeepFigures.USER)
                .reduceRows(new java.util.HashMap<>(), (all, row) -> {
                    all.put(row.getColumn("reason", String.class), row.getColumn("count", Long.class));
                    return all;
                });
        Long deadline = handle.createQuery(
                        "SELECT MIN(deadline) FROM migration WHERE deadline IS NOT NULL" + " AND finished_at IS NULL")
                .mapTo(Long.class)
                .findOne()
                .orElse(null);
        Long waits = handle.createQuery("SELECT MIN(at) FROM webhook_delivery")
                .mapTo(Long.class)
                .findOne()
                .orElse(null);
        Long moving = handle.createQuery("SELECT MIN(move_since) FROM grant_offer WHERE move_fence IS NOT NULL")
                .mapTo(Long.class)
                .findOne()
                .orElse(null);
        return new UpkeepFigures(
                paused,
                deadline == null ? OptionalLong.empty() : OptionalLong.of(deadline / 1_000),
                one(handle, "SELECT COALESCE(SUM(journal_entries), 0) FROM migration WHERE journaled = 1"),
                one(handle, "SELECT COUNT(*) FROM kept_object"),
                one(handle, "SELECT COALESCE(SUM(bytes), 0) FROM kept_object"),
                one(handle, "SELECT COUNT(*) FROM webhook_delivery"),
                waits == null ? 0 : Math.max(0, (now - waits) / 1_000),
                one(handle, "SELECT COUNT(*) FROM webhook WHERE last_error IS NOT NULL"),
                one(handle, "SELECT COUNT(*) FROM grant_offer WHERE move_fence IS NOT NULL"),
                moving == null ? 0 : Math.max(0, (now - moving) / 1_000),
                one(handle, "SELECT COALESCE(SUM(moved_failed), 0) FROM grant_offer WHERE moved_failed > 0"));
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
