package io.ferrymesh.provider.service;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Pseudonym;
import java.time.Instant;
import java.util.Optional;

/**
 * How a migration stands, whichever process of the provider drives it. Counts are of the running or last attempt.
 *
 * @param handshakeMicros how long the handshake took, in microseconds
 * @param cryptoProvider what seals and hashes
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
        boolean hasReceipt) {

    /** Where it is. QUEUED: accepted, and no process drives it yet. FAILED and PAUSED can be resumed. */
    public enum State {
        QUEUED,
        CONNECTING,
        RUNNING,
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
