package io.ferrymesh.provider.service;

import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Pseudonym;
import java.time.Instant;
import java.util.Optional;

/**
 * How a grant stands, whichever process of the provider serves it.
 *
 * @param own the pseudonym this provider went by
 * @param peer the pseudonym the destination went by
 * @param moved what is erased of what has arrived; empty when nothing is to be
 */
public record GrantView(
        MigrationId id,
        State state,
        String prefix,
        Instant createdAt,
        Instant expiresAt,
        long objectsListed,
        long objectsSent,
        long objectsFailed,
        long bytesSent,
        Optional<Pseudonym> own,
        Optional<Pseudonym> peer,
        Optional<FailureView> failure,
        boolean hasReceipt,
        Optional<MovedView> moved) {

    /** Where it is. FAILED may be begun again by the destination until it expires. */
    public enum State {
        WAITING,
        RUNNING,
        COMPLETED,
        FAILED,
        WITHDRAWN,
        EXPIRED
    }
}
