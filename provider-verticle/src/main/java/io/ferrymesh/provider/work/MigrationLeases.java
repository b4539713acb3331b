package io.ferrymesh.provider.work;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.provider.engine.DestinationStatus;
import io.ferrymesh.provider.engine.Progress;
import io.ferrymesh.provider.options.DryRunTotals;
import io.ferrymesh.provider.options.OptionsJson;
import io.ferrymesh.provider.service.FailureView;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.provider.service.MirrorView;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Who works on which migration, and what they write: it counts only under their fence and while the user wants nothing else. */
final class MigrationLeases {

    private static final Told TOLD = new Told(LoggerFactory.getLogger(MigrationLeases.class));

    private static final String COUNTS =
            " objects_listed = :listed, listing_complete = :complete, objects_done = :done,"
                    + " objects_present = :present, objects_failed = :failed, objects_skipped = :skipped,"
                    + " bytes_listed = :bytesListed, bytes_moved = :bytesMoved, bytes_done = :bytesDone,"
                    + " handshake_micros = COALESCE(:handshake, handshake_micros), own = COALESCE(:own, own),"
                    + " peer = COALESCE(:peer, peer), crypto_provider = :crypto, objects_excluded = :excluded";

    private static final String HELD = " WHERE id = :id AND holder = :holder AND fence = :fence";

    private MigrationLeases() {}

    /**
     * Takes it if still nobody holds it, which is told unless an attempt came to nothing before: then it is when it runs. A row that
     * makes no sense has failed, so that it keeps no other from its turn.
     */
    static Optional<MigrationTable.Row> claim(Handle handle, String holder, MigrationId id, long now) {
        MirrorTable.account(handle, id).ifPresent(account -> Apart.hold(handle, account));
        boolean claimed = handle.createUpdate("UPDATE migration SET holder = :holder,"
                                + " fence = fence + 1, known_fence = fence + 1, signal = 0, changed = 0, state = 'CONNECTING',"
                                + " started_at = COALESCE(started_at, :now)"
                                + " WHERE id = :id AND holder IS NULL AND state IN ('QUEUED', 'CONNECTING', 'RUNNING')"
                                + " AND (start_at IS NULL OR start_at <= :now) AND" + Apart.MAY_ARRIVE)
                        .bind("holder", holder)
                        .bind("now", now)
                        .bind("id", id.bytes())
                        .execute()
                == 1;
        Optional<MigrationTable.Row> row = claimed ? readable(handle, id) : Optional.empty();
        if (row.isPresent()) {
            if (row.get().view().failure().isEmpty()) {
                MigrationTable.event(handle, id, State.CONNECTING, Optional.empty(), now);
            }
        } else if (claimed) {
            failUnread(handle, id, now);
        }
        return row;
    }

    private static Optional<MigrationTable.Row> readable(Handle handle, MigrationId id) {
        try {
            return MigrationTable.find(handle, id);
        } catch (JdbiException e) {
            throw e;
        } catch (RuntimeException e) {
            TOLD.trouble(Level.ERROR, id, "migration {} cannot be read, and has failed", e);
            return Optional.empty();
        }
    }

    private static void failUnread(Handle handle, MigrationId id, long now) {
        FailureView why = new FailureView(ErrorCode.INTERNAL.name(), "what it is cannot be read");
        Statements.run(handle.createUpdate("UPDATE migration SET state = 'FAILED', failure_code = :code,"
                        + " failure_message = :message, finished_at = :now, holder = NULL WHERE id = :id")
                .bind("code", why.code())
                .bind("message", why.message())
                .bind("now", now)
                .bind("id", id.bytes()));
        MigrationTable.event(handle, id, State.FAILED, Optional.of(why), now);
    }

    /** Writes how it stands; false when the lease is lost or the user wants something else. */
    static boolean update(
            Handle handle, Lease lease, State state, boolean changed, DestinationStatus status, long now) {
        Update update = handle.createUpdate("UPDATE migration SET state = :state," + COUNTS
                + (state == State.RUNNING ? ", failure_code = NULL, failure_message = NULL" : "") + HELD
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

    /** Notes why it waits for its user and lets go of it; nothing when the lease is lost or the user wants something else. */
    static boolean pause(Handle handle, Lease lease, FailureView why, long now) {
        Update update = handle.createUpdate("UPDATE migration SET state = 'PAUSED', failure_code = :code,"
                        + " failure_message = :message, holder = NULL" + HELD
                        + " AND signal = 0 AND state IN ('CONNECTING', 'RUNNING')")
                .bind("code", why.code())
                .bind("message", why.message());
        boolean paused = lease(update, lease).execute() == 1;
        if (paused) {
            MigrationTable.event(handle, lease.id(), State.PAUSED, Optional.of(why), now);
        }
        return paused;
    }

    /** Notes what a dry run has found and lets go of it; nothing when the lease is lost or the user wants something else. */
    static boolean completeDryRun(
            Handle handle, Lease lease, DestinationStatus status, DryRunTotals found, boolean mirror, long now) {
        Update update = handle.createUpdate("UPDATE migration SET state = 'COMPLETED', dry_run = :found,"
                        + " finished_at = :now, psk = NULL, holder = NULL, mirror = :mirror, mirror_run = fence,"
                        + " failure_code = NULL, failure_message = NULL,"
                        + COUNTS + HELD
                        + " AND signal = 0 AND state IN ('CONNECTING', 'RUNNING')")
                .bind("found", OptionsJson.of(found).encode())
                .bind("mirror", mirror ? MirrorView.State.RUNNING.name() : null)
                .bind("now", now);
        boolean completed = lease(counts(update, status), lease).execute() == 1;
        if (completed) {
            State state = mirror ? State.MIRRORING : State.COMPLETED;
            MigrationTable.event(handle, lease.id(), state, Optional.empty(), now);
        }
        return completed;
    }

    /**
     * Lets go of it so that it is begun again from a time on, by whoever is there then. Why is kept until it runs, and told unless that is
     * the same as before.
     */
    static boolean retry(Handle handle, Lease lease, FailureView why, long retries, long retryAt, long now) {
        boolean told = handle.createQuery("SELECT failure_code FROM migration WHERE id = :id AND failure_code = :code")
                .bind("id", lease.id().bytes())
                .bind("code", why.code())
                .mapTo(String.class)
                .findOne()
                .isPresent();
        Update update = handle.createUpdate("UPDATE migration SET state = 'QUEUED', retries = :retries,"
                        + " retry_at = CASE WHEN due_at IS NULL THEN :retry ELSE " + MigrationTable.NEVER + " END,"
                        + " due_at = CASE WHEN due_at IS NULL THEN NULL ELSE :retry END, holder = NULL,"
                        + " failure_code = :code, failure_message = :message" + HELD
                        + " AND signal = 0 AND state IN ('CONNECTING', 'RUNNING')")
                .bind("retries", retries)
                .bind("code", why.code())
                .bind("message", why.message())
                .bind("retry", retryAt);
        boolean queued = lease(update, lease).execute() == 1;
        if (queued && !told) {
            MigrationTable.event(handle, lease.id(), State.QUEUED, Optional.of(why), now);
        }
        return queued;
    }

    /** Lets go of it, whatever the user wants of it. */
    static void release(Handle handle, Lease lease) {
        Statements.run(lease(handle.createUpdate("UPDATE migration SET holder = NULL, signal = 0" + HELD), lease));
    }

    /**
     * Completes it with the receipt, whoever holds it now: what both have signed is so. A holder that does not know it is to
     * notice. False when it was cancelled, had completed, or is gone. The key stays as long as there is something to try again.
     */
    static boolean complete(
            Handle handle, Lease lease, byte[] receipt, Digest root, Optional<Mirroring> mirror, long now) {
        boolean completed = handle.createUpdate("UPDATE migration SET state = 'COMPLETED', receipt = :receipt,"
                                + " receipt_run = :fence, mirror = :mirror, mirror_run = :fence, merkle_root = :root, finished_at = :now,"
                                + " psk = CASE WHEN objects_failed > 0 THEN psk ELSE NULL END, failure_code = NULL,"
                                + " failure_message = NULL, signal = CASE WHEN holder IS NULL"
                                + " OR (holder = :holder AND fence = :fence) THEN 0 ELSE 1 END"
                                + " WHERE id = :id AND state NOT IN ('COMPLETED', 'CANCELLED')")
                        .bind("receipt", receipt)
                        .bind("mirror", mirror.map(each -> each.state().name()).orElse(null))
                        .bind("root", root.bytes())
                        .bind("now", now)
                        .bind("holder", lease.holder())
                        .bind("fence", lease.fence())
                        .bind("id", lease.id().bytes())
                        .execute()
                == 1;
        if (completed) {
            boolean unused = ReceiptTable.MIGRATIONS.add(handle, lease.id(), receipt);
            mirrored(handle, lease.id(), mirror, now);
        }
        return completed;
    }

    private static void mirrored(Handle handle, MigrationId id, Optional<Mirroring> mirror, long now) {
        Optional<MirrorView.Reason> left = mirror.flatMap(Mirroring::left);
        if (left.isPresent()) {
            MirrorTable.left(handle, id, MirrorTable.account(handle, id).orElseThrow(), left.get(), now);
        } else {
            State state = mirror.isPresent() ? State.MIRRORING : State.COMPLETED;
            MigrationTable.event(handle, id, state, Optional.empty(), now);
        }
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
                .bind("excluded", progress.objectsExcluded())
                .bind("handshake", handshake)
                .bind("own", Columns.bytes(status.own()))
                .bind("peer", Columns.bytes(status.peer()))
                .bind("crypto", status.cryptoProvider());
    }
}
