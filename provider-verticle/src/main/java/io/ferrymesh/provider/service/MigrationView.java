package io.ferrymesh.provider.service;

import io.ferrymesh.provider.options.DryRunTotals;
import io.ferrymesh.provider.options.MigrationOptions;
import io.ferrymesh.provider.options.Schedule;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Pseudonym;
import java.time.Instant;
import java.util.Optional;

/**
 * How a migration stands, whichever process of the provider drives it. Counts are of the running or last attempt.
 *
 * @param failure what stopped it; or, of one that is to begin again by itself, what its last attempt came to; or what else in the
 *     account is to be over before it begins
 * @param retryAt when that is, while it waits for it
 * @param handshakeMicros how long the handshake took, in microseconds
 * @param cryptoProvider what seals and hashes
 * @param dryRun what a dry run has found, once it has completed
 * @param mirror what became of what the source has not got; empty when nothing is to, or not yet
 */
public record MigrationView(
        MigrationId id,
        State state,
        Instant createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        ProgressView progress,
        Optional<Long> handshakeMicros,
        Optional<Pseudonym> own,
        Optional<Pseudonym> peer,
        Optional<Digest> merkleRoot,
        Optional<FailureView> failure,
        Optional<String> cryptoProvider,
        boolean hasReceipt,
        MigrationOptions options,
        Schedule schedule,
        Optional<DryRunTotals> dryRun,
        Optional<MirrorView> mirror,
        Optional<Instant> retryAt) {

    /** The same in another state. */
    public MigrationView in(State other) {
        return with(other, failure);
    }

    /** The same that waits for a reason. */
    public MigrationView because(FailureView why) {
        return with(state, Optional.of(why));
    }

    private MigrationView with(State other, Optional<FailureView> why) {
        return new MigrationView(
                id,
                other,
                createdAt,
                startedAt,
                finishedAt,
                progress,
                handshakeMicros,
                own,
                peer,
                merkleRoot,
                why,
                cryptoProvider,
                hasReceipt,
                options,
                schedule,
                dryRun,
                mirror,
                retryAt);
    }

    /** Where it is. SCHEDULED: its start is yet to come. QUEUED: no process drives it yet. FAILED and PAUSED can be resumed. */
    public enum State {
        SCHEDULED,
        QUEUED,
        CONNECTING,
        RUNNING,
        /** Everything has arrived and both have signed; what the source has not got is being removed. */
        MIRRORING,
        PAUSED,
        COMPLETED,
        FAILED,
        CANCELLED;

        /** Whether nothing more happens unless somebody asks for it. */
        public boolean isAtRest() {
            return this == PAUSED || this == COMPLETED || this == FAILED || this == CANCELLED;
        }
    }
}
