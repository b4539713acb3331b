package io.ferrymesh.provider.work;

import io.ferrymesh.provider.engine.DestinationStatus;
import io.ferrymesh.provider.engine.Progress;
import io.ferrymesh.provider.service.FailureView;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** Who works on which migration, and what they write: it counts only under their fence and while the user wants nothing else. */
final class MigrationLeases {

    private static final String COUNTS =
            " objects_listed = :listed, listing_complete = :complete, objects_done = :done,"
                    + " objects_present = :present, objects_failed = :failed, objects_skipped = :skipped,"
                    + " bytes_listed = :bytesListed, bytes_moved = :bytesMoved, bytes_done = :bytesDone,"
                    + " handshake_micros = COALESCE(:handshake, handshake_micros), own = COALESCE(:own, own),"
                    + " peer = COALESCE(:peer, peer), crypto_provider = :crypto";

    private static final String HELD = " WHERE id = :id AND holder = :holder AND fence = :fence";

    private MigrationLeases() {}

    /** The oldest that nobody holds and whose account has not too many running. */
    static Optional<MigrationId> free(Handle handle, long now, int perAccount) {
        return handle.createQuery("SELECT id FROM migration AS free WHERE holder IS NULL"
                        + " AND state IN ('QUEUED', 'CONNECTING', 'RUNNING') AND retry_at <= :now"
                        + " AND (SELECT COUNT(*) FROM migration AS held WHERE held.account = free.account"
                        + " AND held.holder IS NOT NULL) < :most ORDER BY created_at LIMIT 1")
                .bind("now", now)
                .bind("most", perAccount)
                .mapTo(byte[].class)
                .map(MigrationId::of)
                .findOne();
    }

    /** Takes it if still nobody holds it. */
    static Optional<MigrationTable.Row> claim(Handle handle, String holder, MigrationId id, long now) {
        Optional<MigrationTable.Row> claimed = handle.createQuery("UPDATE migration SET holder = :holder,"
                        + " fence = fence + 1, signal = 0, state = 'CONNECTING',"
                        + " started_at = COALESCE(started_at, :now)"
                        + " WHERE id = :id AND holder IS NULL AND state IN ('QUEUED', 'CONNECTING', 'RUNNING')"
                        + " RETURNING *")
                .bind("holder", holder)
                .bind("now", now)
                .bind("id", id.bytes())
                .map((row, context) -> MigrationRows.row(row))
                .findOne();
        claimed.ifPresent(
                row -> MigrationTable.event(handle, row.view().id(), State.CONNECTING, Optional.empty(), now));
        return claimed;
    }

    /** Writes how it stands; false when the lease is lost or the user wants something else. */
    static boolean update(
            Handle handle, Lease lease, State state, boolean changed, DestinationStatus status, long now) {
        Update update = handle.createUpdate("UPDATE migration SET state = :state," + COUNTS + HELD
                + " AND signal = 0 AND state IN ('CONNECTING', 'RUNNING')");
        boolean written =
                lease(counts(update, status), lease).bind("state", state.name()).execute() == 1;
        if (written && changed) {
            MigrationTable.event(handle, lease.id(), state, Optional.empty(), now);
        }
        return written;
    }

    /** Writes the last counts of one that has ended, and lets go of it. */
    static void conclude(Handle handle, Lease lease, DestinationStatus status) {
        Update update = handle.createUpdate("UPDATE migration SET" + COUNTS + ", holder = NULL, signal = 0" + HELD);
        Statements.run(lease(counts(update, status), lease));
    }

    /** Writes the last counts of one that is to stop. */
    static void count(Handle handle, Lease lease, DestinationStatus status) {
        Update update = handle.createUpdate("UPDATE migration SET" + COUNTS + HELD);
        Statements.run(lease(counts(update, status), lease));
    }

    /** Notes why it stopped for now and lets go of it; nothing when the lease is lost or the user wants something else. */
    static boolean fail(Handle handle, Lease lease, FailureView failure, long now) {
        Update update = handle.createUpdate("UPDATE migration SET state = 'FAILED', failure_code = :code,"
                        + " failure_message = :message, finished_at = :now, holder = NULL" + HELD
                        + " AND signal = 0 AND state IN ('CONNECTING', 'RUNNING')")
                .bind("code", failure.code())
                .bind("message", failure.message())
                .bind("now", now);
        boolean failed = lease(update, lease).execute() == 1;
        if (failed) {
            MigrationTable.event(handle, lease.id(), State.FAILED, Optional.of(failure), now);
        }
        return failed;
    }

    /** Lets go of it so that it is begun again from a time on, by whoever is there then. */
    static boolean retry(Handle handle, Lease lease, long retries, long retryAt, long now) {
        Update update = handle.createUpdate("UPDATE migration SET state = 'QUEUED', retries = :retries,"
                        + " retry_at = :retry, holder = NULL" + HELD
                        + " AND signal = 0 AND state IN ('CONNECTING', 'RUNNING')")
                .bind("retries", retries)
                .bind("retry", retryAt);
        boolean queued = lease(update, lease).execute() == 1;
        if (queued) {
            MigrationTable.event(handle, lease.id(), State.QUEUED, Optional.empty(), now);
        }
        return queued;
    }

    /** Lets go of it, whatever the user wants of it. */
    static void release(Handle handle, Lease lease) {
        Statements.run(lease(handle.createUpdate("UPDATE migration SET holder = NULL, signal = 0" + HELD), lease));
    }

    /**
     * Completes it with the receipt, whoever holds it now: what both have signed is so. A holder that does not know it is to
     * notice. False when it was cancelled, had completed, or is gone.
     */
    static boolean complete(Handle handle, Lease lease, byte[] receipt, Digest root, long now) {
        boolean completed = handle.createUpdate("UPDATE migration SET state = 'COMPLETED', receipt = :receipt,"
                                + " merkle_root = :root, finished_at = :now, psk = NULL, failure_code = NULL,"
                                + " failure_message = NULL, signal = CASE WHEN holder IS NULL"
                                + " OR (holder = :holder AND fence = :fence) THEN 0 ELSE 1 END"
                                + " WHERE id = :id AND state NOT IN ('COMPLETED', 'CANCELLED')")
                        .bind("receipt", receipt)
                        .bind("root", root.bytes())
                        .bind("now", now)
                        .bind("holder", lease.holder())
                        .bind("fence", lease.fence())
                        .bind("id", lease.id().bytes())
                        .execute()
                == 1;
        if (completed) {
            MigrationTable.event(handle, lease.id(), State.COMPLETED, Optional.empty(), now);
        }
        return completed;
    }

    /** What a holder has not noticed yet. */
    static List<MigrationId> signalled(Handle handle, String holder) {
        return handle.createQuery("SELECT id FROM migration WHERE holder = :holder AND signal = 1")
                .bind("holder", holder)
                .mapTo(byte[].class)
                .map(MigrationId::of)
                .list();
    }

    /** Whether a lease still holds. */
    static boolean holds(Handle handle, Lease lease) {
        return handle.createQuery("SELECT COUNT(*) FROM migration" + HELD)
                        .bind("id", lease.id().bytes())
                        .bind("holder", lease.holder())
                        .bind("fence", lease.fence())
                        .mapTo(Long.class)
                        .one()
                == 1;
    }

    /** Everything that a process holds. */
    static List<Lease> leases(Handle handle, String holder) {
        return handle.createQuery("SELECT id, fence FROM migration WHERE holder = :holder")
                .bind("holder", holder)
                .map((row, context) -> new Lease(MigrationId.of(row.getBytes("id")), holder, row.getLong("fence")))
                .list();
    }

    /** Everything that a process held is free. */
    static void releaseAll(Handle handle, String holder) {
        Statements.run(handle.createUpdate("UPDATE migration SET holder = NULL, signal = 0 WHERE holder = :holder")
                .bind("holder", holder));
    }

    private static Update lease(Update update, Lease lease) {
        return update.bind("id", lease.id().bytes())
                .bind("holder", lease.holder())
                .bind("fence", lease.fence());
    }

    private static Update counts(Update update, DestinationStatus status) {
        Progress progress = status.progress();
        @Nullable Long handshake = status.handshakeMicros().orElse(null);
        return update.bind("listed", progress.objectsListed())
                .bind("complete", progress.listingComplete() ? 1 : 0)
                .bind("done", progress.objectsDone())
                .bind("present", progress.objectsAlreadyThere())
                .bind("failed", progress.objectsFailed())
                .bind("skipped", progress.objectsSkipped())
                .bind("bytesListed", progress.bytesListed())
                .bind("bytesMoved", progress.bytesMoved())
                .bind("bytesDone", progress.bytesDone())
                .bind("handshake", handshake)
                .bind("own", Columns.bytes(status.own()))
                .bind("peer", Columns.bytes(status.peer()))
                .bind("crypto", status.cryptoProvider());
    }
}
