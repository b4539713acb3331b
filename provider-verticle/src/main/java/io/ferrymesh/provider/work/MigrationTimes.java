package io.ferrymesh.provider.work;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.provider.options.Bandwidth;
import io.ferrymesh.provider.service.FailureView;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.scheme.MigrationId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** By when migrations are to be done, and how fast they may be, as processes notice it. */
final class MigrationTimes {

    private static final Told TOLD = new Told(LoggerFactory.getLogger(MigrationTimes.class));

    private MigrationTimes() {}

    /** Some that were to be done by now and are not. */
    static List<MigrationId> late(Handle handle, long now) {
        return handle.createQuery("SELECT id FROM migration WHERE deadline IS NOT NULL AND finished_at IS NULL"
                        + " AND deadline <= :now AND state IN ('QUEUED', 'CONNECTING', 'RUNNING', 'PAUSED') LIMIT 100")
                .bind("now", now)
                .mapTo(byte[].class)
                .map(MigrationId::of)
                .list();
    }

    /** Hides again what a process of an earlier version, by which its user had it go on, has shown to those of its kind. */
    static void hide(Handle handle) {
        int unused = handle.createUpdate("UPDATE migration SET retry_at = " + MigrationTable.NEVER
                        + " WHERE due_at IS NOT NULL AND retry_at < " + MigrationTable.NEVER)
                .execute();
    }

    /** Whether there is any of those. */
    static boolean anyShown(Handle handle) {
        return handle.createQuery("SELECT id FROM migration WHERE due_at IS NOT NULL AND retry_at < "
                        + MigrationTable.NEVER + " LIMIT 1")
                .mapTo(byte[].class)
                .findOne()
                .isPresent();
    }

    /** Ends one of those with DEADLINE; whoever holds it is to notice. */
    static void expire(Handle handle, MigrationId id, long now) {
        FailureView late = new FailureView(ErrorCode.DEADLINE.name(), "it was not done by its deadline");
        boolean expired = handle.createUpdate("UPDATE migration SET state = 'FAILED', failure_code = :code,"
                                + " failure_message = :message, finished_at = :now,"
                                + " signal = CASE WHEN holder IS NULL THEN 0 ELSE 1 END WHERE id = :id AND deadline <= :now"
                                + " AND state IN ('QUEUED', 'CONNECTING', 'RUNNING', 'PAUSED')")
                        .bind("code", late.code())
                        .bind("message", late.message())
                        .bind("now", now)
                        .bind("id", id.bytes())
                        .execute()
                == 1;
        if (expired) {
            MigrationTable.event(handle, id, State.FAILED, Optional.of(late), now);
        }
    }

    /** Whether a holder has not noticed that something may be as fast as it was not before. */
    static boolean anyChanged(Handle handle, String holder) {
        return handle.createQuery("SELECT id FROM migration WHERE holder = :holder AND changed = 1 LIMIT 1")
                .bind("holder", holder)
                .mapTo(byte[].class)
                .findOne()
                .isPresent();
    }

    private static Optional<Map.Entry<MigrationId, Bandwidth>> readable(ResultSet row) throws SQLException {
        MigrationId id = MigrationId.of(row.getBytes("id"));
        try {
            return Optional.of(Map.entry(id, MigrationRows.bandwidth(row)));
        } catch (RuntimeException e) {
            TOLD.trouble(Level.ERROR, id, "migration {} is as fast as it was: its bandwidth cannot be read", e);
            return Optional.empty();
        }
    }

    /** How fast those may be now of which a holder has not noticed it; with this it has. */
    static Map<MigrationId, Bandwidth> changed(Handle handle, String holder) {
        return handle
                .createQuery("UPDATE migration SET changed = 0 WHERE holder = :holder AND changed = 1"
                        + " RETURNING id, bandwidth")
                .bind("holder", holder)
                .map((row, context) -> readable(row))
                .stream()
                .flatMap(Optional::stream)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
