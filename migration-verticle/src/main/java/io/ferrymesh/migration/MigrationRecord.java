package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.SignedReceipt;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** The state of one end of a migration. A state that may not follow is refused and changes nothing. Any thread. */
final class MigrationRecord {

    private final MigrationId id;
    private final Clock clock;
    private final Instant createdAt;

    // under this
    private MigrationState state;
    private Progress progress = new Progress();
    private @Nullable ErrorCode failure;
    private @Nullable String message;
    private @Nullable Instant startedAt;
    private @Nullable Instant finishedAt;
    private @Nullable Duration handshake;
    private @Nullable Pseudonym own;
    private @Nullable Pseudonym peer;
    private @Nullable SignedReceipt receipt;
    private @Nullable DryRun dryRun;

    MigrationRecord(MigrationId id, MigrationState first, Clock clock) {
        this.id = id;
        this.state = first;
        this.clock = clock;
        this.createdAt = clock.instant();
    }

    MigrationId id() {
        return id;
    }

    synchronized MigrationState state() {
        return state;
    }

    synchronized Progress progress() {
        return progress;
    }

    /**
     * Moves on.
     *
     * @return whether {@code next} may follow the present state
     */
    synchronized boolean to(MigrationState next) {
        if (!state.next().contains(next)) {
            return false;
        }
        state = next;
        if (next == MigrationState.CONNECTING) {
            restart();
        }
        if (next.isOver()) {
            finishedAt = clock.instant();
        }
        return true;
    }

    /** Moves to CANCELLED, unless it is over for good. */
    void cancel() {
        boolean unused = to(MigrationState.CANCELLED);
    }

    /** Moves to FAILED with the reason, unless it is over already. */
    synchronized boolean fail(ErrorCode code, String reason) {
        if (!to(MigrationState.FAILED)) {
            return false;
        }
        failure = code;
        message = reason;
        return true;
    }

    synchronized void authenticated(Pseudonym ownPseudonym, Pseudonym peerPseudonym, Duration took) {
        own = ownPseudonym;
        peer = peerPseudonym;
        handshake = took;
    }

    /** Keeps a receipt that both have signed, as evidence even if the other end never says that it has it. */
    synchronized void countersigned(SignedReceipt signed) {
        receipt = signed;
    }

    /** Moves to COMPLETED with the receipt. */
    synchronized boolean complete(SignedReceipt signed) {
        if (!to(MigrationState.COMPLETED)) {
            return false;
        }
        receipt = signed;
        return true;
    }

    /** Moves to COMPLETED without a receipt: it only looked. */
    synchronized boolean looked(DryRun totals) {
        if (!to(MigrationState.COMPLETED)) {
            return false;
        }
        dryRun = totals;
        return true;
    }

    /** Whether it is over and changed nothing, so that it can be begun as if it had not been. */
    synchronized boolean onlyLooked() {
        return dryRun != null;
    }

    /** Tells the operator that it completed: as a warning if something failed. */
    void logCompletion(Logger log) {
        Progress done = progress();
        if (done.counts().objectsFailed() > 0) {
            log.warn("migration {} completed: {}", id, done.summary());
        } else {
            log.info("migration {} completed: {}", id, done.summary());
        }
    }

    synchronized Instant startedAt() {
        return startedAt == null ? createdAt : startedAt;
    }

    synchronized MigrationStatus status() {
        return new MigrationStatus(
                id,
                state,
                progress.counts(),
                progress.problems(),
                Optional.ofNullable(failure),
                Optional.ofNullable(message),
                createdAt,
                Optional.ofNullable(startedAt),
                Optional.ofNullable(finishedAt),
                Optional.ofNullable(handshake),
                Optional.ofNullable(own),
                Optional.ofNullable(peer),
                Optional.ofNullable(receipt).map(signed -> signed.receipt().root()),
                Optional.ofNullable(receipt),
                Optional.ofNullable(dryRun));
    }

    private void restart() {
        progress = new Progress();
        failure = null;
        message = null;
        finishedAt = null;
        receipt = null;
        startedAt = clock.instant();
    }
}
