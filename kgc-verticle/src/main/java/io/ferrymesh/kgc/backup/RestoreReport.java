package io.ferrymesh.kgc.backup;

import io.ferrymesh.scheme.Digest;
import java.time.Instant;

/**
 * What was restored. All that happened after the backup is lost: revocations are to be made again; certificates issued since
 * cannot be traced; quotas and enrolment tokens stand as they did; providers that saw later logs take the key centre for one
 * that contradicts itself until they are started anew.
 *
 * @param backedUpAt until when the registry reaches
 * @param auditEntries its audit entries, without the one that the restoring wrote
 * @param auditHash of the last of them: who keeps later signed heads can tell from it what is missing
 * @param rows in all tables
 * @param nextSerial from where certificates are counted now, beyond any that may have been issued since the backup
 * @param nextProvider likewise for providers
 */
public record RestoreReport(
        Digest centre,
        Instant backedUpAt,
        long auditEntries,
        Digest auditHash,
        long rows,
        long nextSerial,
        long nextProvider) {}
