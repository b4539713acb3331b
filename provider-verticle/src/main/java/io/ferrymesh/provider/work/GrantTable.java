package io.ferrymesh.provider.work;

import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.FailureView;
import io.ferrymesh.provider.service.GrantView;
import io.ferrymesh.provider.service.GrantView.State;
import io.ferrymesh.provider.service.MovedView;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Pseudonym;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The grants. What a holder writes counts only under its fence and while the user wants nothing else. */
final class GrantTable {

    /** A row; {@code psk} is sealed, and null once the grant has ended. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Row(
            AccountId account,
            byte[] content,
            byte @Nullable [] psk,
            GrantView view,
            Optional<String> holder,
            long fence,
            byte[] drawn,
            boolean moves) {

        boolean hasContent(byte[] other) {
            return Arrays.equals(content, other);
        }

        boolean ended() {
            return switch (view.state()) {
                case COMPLETED, WITHDRAWN, EXPIRED -> true;
                case WAITING, RUNNING, FAILED -> false;
            };
        }
    }

    /** How far a grant is. */
    record Counts(long objectsListed, long objectsSent, long objectsFailed, long bytesSent) {}

    /** What a holder knows. */
    record Standing(
            State state,
            Counts counts,
            Optional<Pseudonym> own,
            Optional<Pseudonym> peer,
            Optional<FailureView> failure) {}

    /** Of one that moves only {@code due_at} counts: processes that do not know what a move is see one that is never due. */
    private static final String DUE = " due_at = :retry, retry_at = CASE WHEN moves = 1 THEN retry_at ELSE :retry END";

    private GrantTable() {}

    /** A new one that waits for a process; false if the id is taken. */
    static boolean insert(
            Handle handle,
            MigrationId id,
            AccountId account,
            byte[] content,
            byte[] psk,
            String prefix,
            boolean moves,
            long now,
            long expires) {
        return handle.createUpdate("INSERT INTO grant_offer (id, account, content, psk, prefix, state, created_at,"
                                + " expires_at, drawn, moves, retry_at) VALUES (:id, :account, :content, :psk, :prefix,"
                                + " 'WAITING', :now, :expires, :drawn, :moves,"
                                + " CASE WHEN :moves = 1 THEN " + MigrationTable.NEVER + " ELSE 0 END)"
                                + " ON CONFLICT DO NOTHING")
                        .bind("id", id.bytes())
                        .bind("account", account.value())
                        .bind("content", content)
                        .bind("psk", psk)
                        .bind("prefix", prefix)
                        .bind("now", now)
                        .bind("moves", moves ? 1 : 0)
                        .bind("expires", expires)
                        .bind("drawn", Psks.drawn())
                        .execute()
                == 1;
    }

    static Optional<Row> find(Handle handle, MigrationId id) {
        return handle.createQuery("SELECT * FROM grant_offer WHERE id = :id")
                .bind("id", id.bytes())
                .map((row, context) -> row(row))
                .findOne();
    }

    /** How many of an account's have not ended. */
    static long live(Handle handle, AccountId account) {
        return handle.createQuery("SELECT COUNT(*) FROM grant_offer WHERE account = :account AND ended_at IS NULL")
                .bind("account", account.value())
                .mapTo(Long.class)
                .one();
    }

    /** An account's before a place in the list, newest first. */
    static List<Row> before(Handle handle, AccountId account, Cursor before, int limit) {
        return handle.createQuery("SELECT * FROM grant_offer WHERE account = :account"
                        + " AND (created_at < :at OR (created_at = :at AND id < :id))"
                        + " ORDER BY created_at DESC, id DESC LIMIT :limit")
                .bind("account", account.value())
                .bind("at", before.createdAt())
                .bind("id", before.idBytes())
                .bind("limit", limit)
                .map((row, context) -> row(row))
                .list();
    }

    /**
     * Ends one that has not ended; whoever holds it is to notice. What has completed, and waits for its destination to try again what
     * failed, stays completed. False when it had ended.
     */
    static boolean end(Handle handle, MigrationId id, State state, long now) {
        return handle.createUpdate("UPDATE grant_offer SET"
                                + " state = CASE WHEN state = 'COMPLETED' THEN state ELSE :state END, psk = NULL, ended_at = :now,"
                                + " signal = CASE WHEN holder IS NULL THEN 0 ELSE 1 END"
                                + " WHERE id = :id AND ended_at IS NULL")
                        .bind("state", state.name())
                        .bind("now", now)
                        .bind("id", id.bytes())
                        .execute()
                == 1;
    }

    /** Some that nobody may claim any more and that have not ended. */
    static List<MigrationId> late(Handle handle, long now, int limit) {
        return handle.createQuery(
                        "SELECT id FROM grant_offer WHERE ended_at IS NULL AND expires_at <= :now LIMIT :limit")
                .bind("now", now)
                .bind("limit", limit)
                .mapTo(byte[].class)
                .map(MigrationId::of)
                .list();
    }

    /** Ends one of those; whose it is, unless it had ended. What had completed stays completed. */
    static Optional<AccountId> expire(Handle handle, MigrationId id, long now) {
        return handle.createQuery("UPDATE grant_offer SET"
                        + " state = CASE WHEN state = 'COMPLETED' THEN state ELSE 'EXPIRED' END, psk = NULL, ended_at = :now,"
                        + " signal = CASE WHEN holder IS NULL THEN 0 ELSE 1 END"
                        + " WHERE id = :id AND ended_at IS NULL AND expires_at <= :now RETURNING account")
                .bind("now", now)
                .bind("id", id.bytes())
                .mapTo(Long.class)
                .map(AccountId::new)
                .findOne();
    }

    /** Some that nobody holds. */
    static List<MigrationId> free(Handle handle, long now, int limit) {
        return handle.createQuery("SELECT id FROM grant_offer WHERE holder IS NULL AND ended_at IS NULL"
                        + " AND expires_at > :soon AND CASE WHEN moves = 1 THEN due_at ELSE retry_at END <= :now"
                        + " AND move_fence IS NULL ORDER BY created_at LIMIT :limit")
                .bind("soon", now + 1_000)
                .bind("now", now)
                .bind("limit", limit)
                .mapTo(byte[].class)
                .map(MigrationId::of)
                .list();
    }

    /** Takes those of them that still nobody holds. */
    static List<Row> claim(Handle handle, String holder, List<MigrationId> free) {
        return free.stream()
                .map(id -> handle.createQuery("UPDATE grant_offer SET holder = :holder, fence = fence + 1, signal = 0,"
                                + " state = CASE WHEN state = 'RUNNING' THEN 'WAITING' ELSE state END"
                                + " WHERE id = :id AND holder IS NULL AND ended_at IS NULL RETURNING *")
                        .bind("holder", holder)
                        .bind("id", id.bytes())
                        .map((row, context) -> row(row))
                        .findOne())
                .flatMap(Optional::stream)
                .toList();
    }

    /** Lets go of one, which may be taken again from a time on; nothing when the lease is lost. */
    static void release(Handle handle, Lease lease, long retryAt) {
        boolean unused = held(
                handle,
                "UPDATE grant_offer SET holder = NULL, signal = 0," + DUE,
                "",
                lease,
                update -> update.bind("retry", retryAt));
    }

    /** Writes how it stands; false when the lease is lost or the user wants something else. */
    static boolean update(Handle handle, Lease lease, Standing standing) {
        return held(
                handle,
                "UPDATE grant_offer SET state = :state, objects_listed = :listed, objects_sent = :sent,"
                        + " objects_failed = :failed, bytes_sent = :bytes, own = :own, peer = :peer,"
                        + " failure_code = :code, failure_message = :message",
                " AND signal = 0 AND (move_fence IS NULL OR :state = 'COMPLETED')",
                lease,
                update -> standing(update, standing));
    }

    /** The same for the last time. */
    static boolean finish(Handle handle, Lease lease, Standing standing, long now) {
        return held(
                handle,
                "UPDATE grant_offer SET state = :state, objects_listed = :listed, objects_sent = :sent,"
                        + " objects_failed = :failed, bytes_sent = :bytes, own = :own, peer = :peer,"
                        + " failure_code = :code, failure_message = :message, psk = NULL, ended_at = :now,"
                        + " holder = NULL",
                " AND signal = 0",
                lease,
                update -> standing(update, standing).bind("now", now));
    }

    /** The same, but for what failed it may be offered again, from a time on and until it expires. */
    static boolean finishForNow(Handle handle, Lease lease, Standing standing, long retryAt) {
        return held(
                handle,
                "UPDATE grant_offer SET state = :state, objects_listed = :listed, objects_sent = :sent,"
                        + " objects_failed = :failed, bytes_sent = :bytes, own = :own, peer = :peer,"
                        + " failure_code = :code, failure_message = :message,"
                        + " holder = NULL," + DUE,
                " AND signal = 0",
                lease,
                update -> standing(update, standing).bind("retry", retryAt));
    }

    /** What a holder has not noticed yet. */
    static List<MigrationId> signalled(Handle handle, String holder) {
        return handle.createQuery("SELECT id FROM grant_offer WHERE holder = :holder AND signal = 1")
                .bind("holder", holder)
                .mapTo(byte[].class)
                .map(MigrationId::of)
                .list();
    }

    /** Whether a lease still holds. */
    static boolean holds(Handle handle, Lease lease) {
        return handle.createQuery(
                                "SELECT COUNT(*) FROM grant_offer WHERE id = :id AND holder = :holder AND fence = :fence")
                        .bind("id", lease.id().bytes())
                        .bind("holder", lease.holder())
                        .bind("fence", lease.fence())
                        .mapTo(Long.class)
                        .one()
                == 1;
    }

    /** Whether nobody can use one any more. */
    static boolean hasEnded(Handle handle, MigrationId id) {
        return handle.createQuery("SELECT COUNT(*) FROM grant_offer WHERE id = :id AND ended_at IS NULL")
                        .bind("id", id.bytes())
                        .mapTo(Long.class)
                        .one()
                == 0;
    }

    /** Everything that a process holds. */
    static List<Lease> leases(Handle handle, String holder) {
        return handle.createQuery("SELECT id, fence FROM grant_offer WHERE holder = :holder")
                .bind("holder", holder)
                .map((row, context) -> new Lease(MigrationId.of(row.getBytes("id")), holder, row.getLong("fence")))
                .list();
    }

    /** Everything that a process held is free. */
    static void releaseAll(Handle handle, String holder) {
        Statements.run(handle.createUpdate("UPDATE grant_offer SET holder = NULL, signal = 0 WHERE holder = :holder")
                .bind("holder", holder));
    }

    private static Update standing(Update update, Standing standing) {
        return update.bind("state", standing.state().name())
                .bind("listed", standing.counts().objectsListed())
                .bind("sent", standing.counts().objectsSent())
                .bind("failed", standing.counts().objectsFailed())
                .bind("bytes", standing.counts().bytesSent())
                .bind("own", Columns.bytes(standing.own()))
                .bind("peer", Columns.bytes(standing.peer()))
                .bind("code", Columns.code(standing.failure()))
                .bind("message", Columns.message(standing.failure()));
    }

    private static boolean held(Handle handle, String sql, String also, Lease lease, Binding binding) {
        return binding.bind(handle.createUpdate(sql + " WHERE id = :id AND holder = :holder AND fence = :fence" + also))
                        .bind("id", lease.id().bytes())
                        .bind("holder", lease.holder())
                        .bind("fence", lease.fence())
                        .execute()
                == 1;
    }

    /** What a statement takes besides the lease. */
    interface Binding {
        Update bind(Update update);
    }

    private static Row row(ResultSet row) throws SQLException {
        GrantView view = new GrantView(
                MigrationId.of(row.getBytes("id")),
                State.valueOf(row.getString("state")),
                row.getString("prefix"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("expires_at")),
                row.getLong("objects_listed"),
                row.getLong("objects_sent"),
                row.getLong("objects_failed"),
                row.getLong("bytes_sent"),
                Columns.pseudonym(row, "own"),
                Columns.pseudonym(row, "peer"),
                Columns.failure(row),
                row.getBytes("receipt") != null,
                moved(row));
        return new Row(
                new AccountId(row.getLong("account")),
                Objects.requireNonNull(row.getBytes("content")),
                row.getBytes("psk"),
                view,
                Optional.ofNullable(row.getString("holder")),
                row.getLong("fence"),
                Objects.requireNonNullElse(row.getBytes("drawn"), new byte[0]),
                row.getLong("moves") != 0);
    }

    private static Optional<MovedView> moved(ResultSet row) throws SQLException {
        if (row.getLong("moves") == 0) {
            return Optional.empty();
        }
        MovedView.State state = Columns.number(row, "move_fence").isPresent()
                ? MovedView.State.ERASING
                : Columns.number(row, "moved_at").isPresent() ? MovedView.State.DONE : MovedView.State.PENDING;
        return Optional.of(new MovedView(
                state,
                row.getLong("moved_objects"),
                row.getLong("moved_bytes"),
                row.getLong("moved_kept"),
                row.getLong("moved_failed")));
    }
}
