package io.ferrymesh.kgc.operator;

import java.util.List;
import java.util.Optional;

/**
 * Whether a certificate was issued here, checkable against the audit log: {@code SHA-256(salt ‖ certificate)} is
 * {@code commitments[index]}, and SHA-256 of all of them joined is the entry's {@code root}. Never says to whom.
 */
public record CommitmentProof(boolean issued, Optional<Found> found) {

    /** Where it is; hashes and salt in hex. */
    public record Found(long auditEntry, int index, String salt, List<String> commitments) {

        /** Copies the list. */
        public Found {
            commitments = List.copyOf(commitments);
        }
    }
}
