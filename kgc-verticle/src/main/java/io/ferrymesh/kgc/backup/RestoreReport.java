package io.ferrymesh.kgc.backup;

import io.ferrymesh.scheme.Digest;
import java.time.Instant;
import java.util.List;

/**
 * What was restored. All that happened after the backup is lost: revocations are to be made again, first of all; certificates
 * issued since stay valid until they expire and cannot be traced, and their holders renew with others or enrol anew; providers
 * created since are to be created anew; quotas stand as they did. Tokens and operators are gone on purpose. Providers that saw
 * later logs take the key centre for one that contradicts itself until they are started anew.
 *
 * @param backedUpAt until when the registry reaches
 * @param auditEntries its audit entries, without those that the restoring wrote
 * @param auditHash of the last of them: who keeps later signed heads can tell from it what is missing
 * @param rows in all tables of the backup
 * @param nextSerial from where certificates are counted now, beyond any that may have been issued since the backup
 * @param nextProvider likewise for providers
 * @param tokens enrolment tokens that were unspent in the backup and are void now; draw new ones
 * @param operators names of those that were removed; add again, with the key file, whom there should be
 */
public record RestoreReport(
        Digest centre,
        Instant backedUpAt,
        long auditEntries,
        Digest auditHash,
        long rows,
        long nextSerial,
        long nextProvider,
        int tokens,
        List<String> operators) {

    /** Copies the list. */
    public RestoreReport {
        operators = List.copyOf(operators);
    }
}
