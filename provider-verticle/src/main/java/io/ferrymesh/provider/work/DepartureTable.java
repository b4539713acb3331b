package io.ferrymesh.provider.work;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.engine.Departed;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.EventType;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * What has arrived under grants that move, and what of it is to be erased. A source's run enters under its lease; only the rows of the
 * run that completed are ever given out, and none is entered while there are any of those.
 */
final class DepartureTable {

    private static final String RUN = " grant_id = :id AND fence = :fence AND session = :session";

    /** A run that completed, of which objects are to be erased. */
    record Due(MigrationId id, AccountId account, long fence, long session) {}

    /** One of its objects. */
    record Row(PathKey key, String path, long size, Instant modified, Optional<String> etag, long attempts) {

        /** Empty when the row is damaged. */
        Optional<ObjectInfo> info() {
            try {
                return Optional.of(new ObjectInfo(ObjectPath.of(path), size, modified));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
    }

    /** What became of one. */
    enum Fate {
        ERASED,
        KEPT,
        FAILED
    }

    private DepartureTable() {}

    /** That something arrives, which its user is told of a grant that waits for that. */
    static final String BUSY = "something arrives in the account: what is in it can move once that is over";

    /**
     * Whether nothing arrives in the account, so that a run may begin; otherwise what is to arrive next waits for a while, and the grant
     * says why it does. The account is held.
     */
    static boolean mayBegin(Handle handle, Lease lease, long now) {
        Optional<AccountId> account = handle.createQuery("SELECT account FROM grant_offer WHERE id = :id")
                .bind("id", lease.id().bytes())
                .mapTo(Long.class)
                .findOne()
                .map(AccountId::new);
        if (account.isEmpty()) {
            return true; // there is nothing to begin
        }
        Apart.hold(handle, account.get());
        if (!Apart.arrives(handle, account.get(), now)) {
            return true;
        }
        int waits = handle.createUpdate("UPDATE grant_offer SET failure_code = :code, failure_message = :message"
                        + " WHERE id = :id AND holder = :holder AND fence = :fence AND signal = 0"
                        + " AND ended_at IS NULL AND move_fence IS NULL")
                .bind("code", ErrorCode.OVERLOADED.name())
                .bind("message", BUSY)
                .bind("id", lease.id().bytes())
                .bind("holder", lease.holder())
                .bind("fence", lease.fence())
                .execute();
        if (waits == 1) {
            Apart.asks(handle, account.get(), now);
        }
        return false;
    }

    /**
     * A run is about to list what it will erase: until that is over nothing arrives in the account. False when the lease is lost, the
     * grant has ended, or an earlier run's objects are still to be erased. Only in a transaction in which it may begin.
     */
    static boolean begin(Handle handle, Lease lease, long session) {
        Optional<AccountId> account = handle.createQuery(
                        "UPDATE grant_offer SET leaving_fence = :fence, leaving_session = :session"
                                + " WHERE id = :id AND holder = :holder AND fence = :fence AND signal = 0"
                                + " AND ended_at IS NULL AND move_fence IS NULL RETURNING account")
                .bind("session", session)
                .bind("id", lease.id().bytes())
                .bind("holder", lease.holder())
                .bind("fence", lease.fence())
                .mapTo(Long.class)
                .findOne()
                .map(AccountId::new);
        account.ifPresent(from -> Apart.leaves(handle, from));
        return account.isPresent();
    }

    /** A run is over, and had not completed: things may arrive again. */
    static void over(Handle handle, Lease lease, long session) {
        Statements.run(handle.createUpdate("UPDATE grant_offer SET leaving_fence = NULL, leaving_session = NULL"
                        + " WHERE id = :id AND leaving_fence = :fence AND leaving_session = :session"
                        + " AND move_fence IS NULL")
                .bind("id", lease.id().bytes())
                .bind("fence", lease.fence())
                .bind("session", session));
    }

    /** Enters what arrived; false when the lease is lost, the grant has ended, or an earlier run's objects are still to be erased. */
    @SuppressWarnings("JavaInstantGetSecondsGetNano") // both are kept
    static boolean add(Handle handle, Lease lease, long session, List<Departed> objects, long mostOfAccount) {
        Optional<AccountId> account = handle.createQuery("UPDATE grant_offer SET departures = departures + :more"
                        + " WHERE id = :id AND holder = :holder AND fence = :fence AND signal = 0 AND ended_at IS NULL"
                        + " AND move_fence IS NULL AND leaving_fence = :fence AND leaving_session = :session"
                        + " RETURNING account")
                .bind("session", session)
                .bind("more", (long) objects.size())
                .bind("id", lease.id().bytes())
                .bind("holder", lease.holder())
                .bind("fence", lease.fence())
                .map((row, context) -> new AccountId(row.getLong("account")))
                .findOne();
        if (account.isEmpty()) {
            return false;
        }
        try (PreparedBatch batch = handle.prepareBatch("INSERT INTO grant_departed (grant_id, path_key, path, size,"
                + " listed_seconds, listed_nanos, etag, fence, session) VALUES (:id, :key, :path, :size, :seconds,"
                + " :nanos, :etag, :fence, :session) ON CONFLICT (grant_id, path_key) DO UPDATE SET"
                + " etag = CASE WHEN excluded.etag IS NULL AND grant_departed.size = excluded.size"
                + " AND grant_departed.listed_seconds = excluded.listed_seconds"
                + " AND grant_departed.listed_nanos = excluded.listed_nanos THEN grant_departed.etag"
                + " ELSE excluded.etag END, size = excluded.size, listed_seconds = excluded.listed_seconds,"
                + " listed_nanos = excluded.listed_nanos, fence = excluded.fence, session = excluded.session,"
                + " attempts = 0, due_at = 0")) {
            for (Departed object : objects) {
                ObjectInfo listed = object.listed();
                PreparedBatch unused = batch.bind("id", lease.id().bytes())
                        .bind("key", PathKey.of(listed.path()).bytes())
                        .bind("path", listed.path().toString())
                        .bind("size", listed.size())
                        .bind("seconds", listed.modified().getEpochSecond())
                        .bind("nanos", listed.modified().getNano())
                        .bind("etag", object.etag().orElse(null))
                        .bind("fence", lease.fence())
                        .bind("session", session)
                        .add();
            }
            int[] unused = batch.execute();
        }
        requireRoom(handle, account.get(), mostOfAccount);
        return true;
    }

    /** What is entered again is counted again, until it would be too much: then all of it is counted as it is. */
    private static void requireRoom(Handle handle, AccountId account, long most) {
        if (entries(handle, account) <= most) {
            return;
        }
        Statements.run(handle.createUpdate(
                        "UPDATE grant_offer SET departures = (SELECT COUNT(*) FROM grant_departed"
                                + " WHERE grant_departed.grant_id = grant_offer.id) WHERE account = :account AND departures > 0")
                .bind("account", account.value()));
        long entries = entries(handle, account);
        if (entries > most) {
            throw new MeshException(
                    ErrorCode.CONFLICT,
                    "the grants that move have " + entries + " objects; at most " + most
                            + " are kept. Withdraw one that"
                            + " is not used, move less at a time, or ask for a larger migrations.maxJournalEntries");
        }
    }

    private static long entries(Handle handle, AccountId account) {
        return handle.createQuery("SELECT COALESCE(SUM(departures), 0) FROM grant_offer WHERE account = :account"
                        + " AND departures > 0")
                .bind("account", account.value())
                .mapTo(Long.class)
                .one();
    }

    /** A run has completed: its objects may be erased from now on. False when the lease is lost or the user wants something else. */
    static boolean complete(Handle handle, Lease lease, long session, long now) {
        return handle.createUpdate("UPDATE grant_offer SET state = 'COMPLETED', move_fence = :fence,"
                                + " move_session = :session, move_due_at = 0, move_failures = 0, moved_at = NULL, move_since = :now"
                                + " WHERE id = :id AND holder = :holder AND fence = :fence AND signal = 0"
                                + " AND ended_at IS NULL AND moves = 1 AND receipt IS NOT NULL AND move_fence IS NULL"
                                + " AND leaving_fence = :fence AND leaving_session = :session")
                        .bind("now", now)
                        .bind("id", lease.id().bytes())
                        .bind("holder", lease.holder())
                        .bind("fence", lease.fence())
                        .bind("session", session)
                        .execute()
                == 1;
    }

    /**
     * Runs whose turn it is, one of each account, of accounts that are not being erased and whose turn no other process has. Who waits
     * longest comes first.
     */
    static List<Due> due(Handle handle, String job, String instance, long now, int most) {
        return handle.createQuery(
                        "SELECT grant_offer.id, account, move_fence, move_session FROM grant_offer JOIN account"
                                + " ON account.id = grant_offer.account WHERE move_fence IS NOT NULL AND move_due_at <= :now"
                                + " AND account.state = 'ACTIVE' AND NOT EXISTS (SELECT 1 FROM job WHERE job.name = :job"
                                + " AND job.account = grant_offer.account AND job.holder <> :instance)"
                                + " AND NOT EXISTS (SELECT 1 FROM grant_offer AS other WHERE other.account = grant_offer.account"
                                + " AND other.move_fence IS NOT NULL AND (other.move_due_at < grant_offer.move_due_at"
                                + " OR (other.move_due_at = grant_offer.move_due_at AND other.id < grant_offer.id)))"
                                + " ORDER BY move_due_at, grant_offer.id LIMIT :most")
                .bind("job", job)
                .bind("instance", instance)
                .bind("now", now)
                .bind("most", most)
                .map((row, context) -> new Due(
                        MigrationId.of(row.getBytes("id")),
                        new AccountId(row.getLong("account")),
                        row.getLong("move_fence"),
                        row.getLong("move_session")))
                .list();
    }

    /** Some that are to be erased now. */
    static List<Row> page(Handle handle, Due of, long now, int most) {
        return run(
                        handle.createQuery("SELECT * FROM grant_departed WHERE" + RUN
                                + " AND due_at <= :now ORDER BY path_key LIMIT :most"),
                        of)
                .bind("now", now)
                .bind("most", most)
                .map((row, context) -> new Row(
                        PathKey.ofBytes(row.getBytes("path_key")),
                        row.getString("path"),
                        row.getLong("size"),
                        Instant.ofEpochSecond(row.getLong("listed_seconds"), row.getInt("listed_nanos")),
                        Optional.ofNullable(row.getString("etag")),
                        row.getLong("attempts")))
                .list();
    }

    /** Notes what became of one, which is counted once however many note it. */
    static void settled(Handle handle, Due of, Row row, Fate fate) {
        int gone = run(handle.createUpdate("DELETE FROM grant_departed WHERE" + RUN + " AND path_key = :key"), of)
                .bind("key", row.key().bytes())
                .execute();
        if (gone == 0) {
            return;
        }
        String counts =
                switch (fate) {
                    case ERASED -> "moved_objects = moved_objects + 1, moved_bytes = moved_bytes + :bytes";
                    case KEPT -> "moved_kept = moved_kept + 1";
                    case FAILED -> "moved_failed = moved_failed + 1";
                };
        Update update = handle.createUpdate("UPDATE grant_offer SET " + counts + ", move_failures = 0 WHERE id = :id")
                .bind("id", of.id().bytes());
        Statements.run(fate == Fate.ERASED ? update.bind("bytes", row.size()) : update);
    }

    /** One could not be erased, and is tried again at a time. */
    static void again(Handle handle, Due of, Row row, long dueAt) {
        Statements.run(run(
                        handle.createUpdate("UPDATE grant_departed SET attempts = attempts + 1, due_at = :due WHERE"
                                + RUN + " AND path_key = :key"),
                        of)
                .bind("due", dueAt)
                .bind("key", row.key().bytes()));
    }

    /** The store is away: all of it is tried again after some time, longer each time in a row. */
    static void postpone(Handle handle, Due of, long now, Backoff backoff) {
        long failures = handle.createQuery("UPDATE grant_offer SET move_failures = move_failures + 1"
                        + " WHERE id = :id AND move_fence = :fence RETURNING move_failures")
                .bind("id", of.id().bytes())
                .bind("fence", of.fence())
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
        waits(handle, of, now + backoff.after(failures));
    }

    /** How long something waits that has failed so many times. */
    interface Backoff {
        long after(long failures);
    }

    /**
     * Ends it when nothing of the run is left, and tells the account; otherwise it waits for the first that is tried again.
     */
    static void conclude(Handle handle, Due of, long now) {
        @Nullable
        Long next = run(handle.createQuery("SELECT MIN(due_at) FROM grant_departed WHERE" + RUN), of)
                .mapTo(Long.class)
                .one();
        if (next != null) {
            waits(handle, of, next);
            return;
        }
        handle.createQuery("UPDATE grant_offer SET move_fence = NULL, move_session = NULL, departures = 0,"
                        + " leaving_fence = NULL, leaving_session = NULL, moved_at = :now WHERE id = :id AND move_fence = :fence AND move_session = :session"
                        + " RETURNING moved_objects, moved_bytes, moved_kept, moved_failed")
                .bind("now", now)
                .bind("id", of.id().bytes())
                .bind("fence", of.fence())
                .bind("session", of.session())
                .map((row, context) -> AccountEvents.removed(
                        EventType.GRANT_MOVED,
                        of.id(),
                        row.getLong("moved_objects"),
                        row.getLong("moved_bytes"),
                        row.getLong("moved_kept"),
                        row.getLong("moved_failed"),
                        Optional.empty()))
                .findOne()
                .ifPresent(told -> AccountEvents.add(handle, of.account(), told, now));
    }

    /** Removes some of what other runs have left, which is of no use; whether there may be more. */
    static boolean clearOthers(Handle handle, Due of, int most) {
        return run(
                                handle.createUpdate("DELETE FROM grant_departed WHERE grant_id = :id AND path_key IN"
                                        + " (SELECT path_key FROM grant_departed WHERE grant_id = :id"
                                        + " AND NOT (fence = :fence AND session = :session) LIMIT :most)"),
                                of)
                        .bind("most", most)
                        .execute()
                == most;
    }

    /** Grants that have ended with nothing to erase, and still have rows. */
    static List<MigrationId> useless(Handle handle, int most) {
        return handle.createQuery("SELECT id FROM grant_offer WHERE departures > 0 AND ended_at IS NOT NULL"
                        + " AND holder IS NULL AND move_fence IS NULL LIMIT :most")
                .bind("most", most)
                .mapTo(byte[].class)
                .map(MigrationId::of)
                .list();
    }

    /** Removes some of those; whether there may be more. */
    static boolean clear(Handle handle, MigrationId id, int most) {
        int gone = handle.createUpdate("DELETE FROM grant_departed WHERE grant_id = :id AND path_key IN"
                        + " (SELECT path_key FROM grant_departed WHERE grant_id = :id LIMIT :most)")
                .bind("id", id.bytes())
                .bind("most", most)
                .execute();
        if (gone < most) {
            Statements.run(handle.createUpdate("UPDATE grant_offer SET departures = 0 WHERE id = :id")
                    .bind("id", id.bytes()));
        }
        return gone == most;
    }

    /** The rest comes at its time, after others. */
    static void waits(Handle handle, Due of, long dueAt) {
        Statements.run(
                handle.createUpdate("UPDATE grant_offer SET move_due_at = :due WHERE id = :id AND move_fence = :fence")
                        .bind("due", dueAt)
                        .bind("id", of.id().bytes())
                        .bind("fence", of.fence()));
    }

    private static <T extends org.jdbi.v3.core.statement.SqlStatement<T>> T run(T statement, Due of) {
        return statement.bind("id", of.id().bytes()).bind("fence", of.fence()).bind("session", of.session());
    }
}
