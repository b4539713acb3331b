package io.ferrymesh.kgc.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What verifying an audit log found.
 *
 * @param entries how many there are
 * @param last hash of the last one in hex, as that entry has it
 * @param vouched how far a signature of the key centre reaches; what follows it can have been changed by whoever can write to
 *     the database, unless one knows a later signature
 * @param signatures how many were verified
 * @param findings the first of them
 * @param found how many there are in all
 */
public record AuditReport(
        long entries,
        String last,
        Optional<Vouched> vouched,
        long signatures,
        List<AuditFinding> findings,
        long found) {

    /** The last entry that a signature under a trusted key covers, that key's epoch, and when it was signed. */
    public record Vouched(long entry, int keyEpoch, Instant at) {}

    /** Copies the list. */
    public AuditReport {
        findings = List.copyOf(findings);
    }

    /** Whether nothing was found and at least one signature covers the log, or there is no log yet. */
    public boolean sound() {
        return found == 0 && (vouched.isPresent() || entries == 0);
    }
}
