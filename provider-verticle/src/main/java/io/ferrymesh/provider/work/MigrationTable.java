package io.ferrymesh.provider.work;

import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.FailureView;
import io.ferrymesh.provider.service.MigrationView;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.scheme.MigrationId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The migrations as their users see and move them; {@link MigrationLeases} is for who works on them. */
final class MigrationTable {

    /** A row; {@code psk} is sealed, and null once the migration has ended for good. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Row(
            AccountId account,
            byte[] content,
            byte @Nullable [] psk,
            MigrationView view,
            long retries,
            Optional<String> holder,
            long fence) {

        boolean hasContent(byte[] other) {
            return Arrays.equals(content, other);
        }

        State state() {
            return view.state();
        }
    }

    private MigrationTable() {}

    /** A new one that waits for a process; false if the id is taken. */
    static boolean insert(Handle handle, MigrationId id, AccountId account, byte[] content, byte[] psk, long now) {
        return handle.createUpdate("INSERT INTO migration (id, account, content, psk, state, created_at)"
                                + " VALUES (:id, :account, :content, :psk, 'QUEUED', :now) ON CONFLICT DO NOTHING")
                        .bind("id", id.bytes())
                        .bind("account", account.value())
                        .bind("content", content)
                        .bind("psk", psk)
                        .bind("now", now)
                        .execute()
                == 1;
    }

    static Optional<Row> find(Handle handle, MigrationId id) {
        return handle.createQuery("SELECT * FROM migration WHERE id = :id")
                .bind("id", id.bytes())
                .map((row, context) -> MigrationRows.row(row))
                .findOne();
    }

    static Optional<byte[]> receipt(Handle handle, MigrationId id) {
        return handle.createQuery("SELECT receipt FROM migration WHERE id = :id AND receipt IS NOT NULL")
                .bind("id", id.bytes())
                .mapTo(byte[].class)
                .findOne();
    }

    /** How many of an account's are under way or may go on without being asked for. */
    static long live(Handle handle, AccountId account) {
        return handle.createQuery("SELECT COUNT(*) FROM migration WHERE account = :account"
                        + " AND state IN ('QUEUED', 'CONNECTING', 'RUNNING', 'PAUSED')")
                .bind("account", account.value())
                .mapTo(Long.class)
                .one();
    }

    /** An account's before a place in the list, newest first. */
    static List<Row> before(Handle handle, AccountId account, Cursor before, int limit) {
        return handle.createQuery("SELECT * FROM migration WHERE account = :account"
                        + " AND (created_at < :at OR (created_at = :at AND id < :id))"
                        + " ORDER BY created_at DESC, id DESC LIMIT :limit")
                .bind("account", account.value())
                .bind("at", before.createdAt())
                .bind("id", before.idBytes())
                .bind("limit", limit)
                .map((row, context) -> MigrationRows.row(row))
                .list();
    }

    /** Stops one that is under way so that it can go on later; whoever holds it is to notice. */
    static boolean pause(Handle handle, MigrationId id, long now) {
        return moved(
                handle,
                id,
                State.PAUSED,
                now,
                "state IN ('QUEUED', 'CONNECTING', 'RUNNING')",
                ", finished_at = NULL, failure_code = NULL, failure_message = NULL");
    }

    /** Ends one for good that has not ended; whoever holds it is to notice. */
    static boolean cancel(Handle handle, MigrationId id, long now) {
        return moved(
                handle,
                id,
                State.CANCELLED,
                now,
                "state NOT IN ('COMPLETED', 'CANCELLED')",
                ", finished_at = " + now + ", psk = NULL");
    }

    /** Lets one go on that rests; a process that has not noticed that it was stopped is still to. */
    static boolean resume(Handle handle, MigrationId id, long now) {
        return moved(
                handle,
                id,
                State.QUEUED,
                now,
                "state IN ('PAUSED', 'FAILED')",
                ", finished_at = NULL, failure_code = NULL, failure_message = NULL, retries = 0, retry_at = 0");
    }

    private static boolean moved(Handle handle, MigrationId id, State to, long now, String from, String also) {
        boolean moved = handle.createUpdate("UPDATE migration SET state = :state,"
                                + " signal = CASE WHEN holder IS NULL THEN 0 ELSE 1 END" + also
                                + " WHERE id = :id AND " + from)
                        .bind("state", to.name())
                        .bind("id", id.bytes())
                        .execute()
                == 1;
        if (moved) {
            event(handle, id, to, Optional.empty(), now);
        }
        return moved;
    }

    /** Notes that its state is another one now. */
    static void event(Handle handle, MigrationId id, State state, Optional<FailureView> failure, long now) {
        long number = handle.createQuery("UPDATE migration SET events = events + 1 WHERE id = :id RETURNING events")
                .bind("id", id.bytes())
                .mapTo(Long.class)
                .one();
        Update insert = handle.createUpdate("INSERT INTO migration_event (migration, number, at, state, failure_code,"
                        + " failure_message) VALUES (:id, :number, :at, :state, :code, :message)")
                .bind("id", id.bytes())
                .bind("number", number)
                .bind("at", now)
                .bind("state", state.name())
                .bind("code", Columns.code(failure))
                .bind("message", Columns.message(failure));
        Statements.run(insert);
    }
}
