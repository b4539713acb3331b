package io.ferrymesh.kgc.audit;

import io.ferrymesh.kgc.audit.AuditFinding.Kind;
import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.scheme.Digest;

/**
 * Checks entries one after the other. After something wrong it goes on from what the entry at hand says of itself, so that one
 * tampering gives one or two findings and the next one is found too.
 */
final class ChainCheck {

    private final Findings findings;
    private long seq;
    private String hash = AuditChain.START.toString();

    ChainCheck(Findings findings) {
        this.findings = findings;
    }

    void next(AuditEntry entry) {
        long expected = seq + 1;
        if (entry.seq() > expected) {
            findings.add(
                    entry.seq(), Kind.MISSING, "entries " + expected + " to " + (entry.seq() - 1) + " are not there");
        } else if (entry.seq() < expected) {
            findings.add(entry.seq(), Kind.OUT_OF_ORDER, "it comes after entry " + seq);
        }
        if (!entry.previous().equals(hash) && entry.seq() == expected) {
            findings.add(
                    entry.seq(), Kind.UNLINKED, "it was not written after the entry " + seq + " that is before it now");
        }
        if (!ownHash(entry)) {
            findings.add(entry.seq(), Kind.CHANGED, "its content does not have the hash it was written with");
        }
        seq = Math.max(seq, entry.seq());
        hash = entry.hash();
    }

    private static boolean ownHash(AuditEntry entry) {
        try {
            Digest previous = Digest.parse(entry.previous());
            return AuditChain.follows(entry, entry.seq(), previous);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Number of the last entry. */
    long seq() {
        return seq;
    }

    /** What the last entry says its hash is. */
    String hash() {
        return hash;
    }
}
