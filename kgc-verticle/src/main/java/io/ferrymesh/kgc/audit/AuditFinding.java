package io.ferrymesh.kgc.audit;

/**
 * Something in an audit log, or in a registry beside it, that cannot be if both are as they were written.
 *
 * @param entry of the audit log, or 0 where none can be named
 * @param what in a sentence, without anything secret
 */
public record AuditFinding(long entry, Kind kind, String what) {

    /** What is wrong. */
    public enum Kind {
        /** The entry's hash is not that of its content. */
        CHANGED,
        /** The entry does not follow the one before it. */
        UNLINKED,
        /** Entries are missing before this one. */
        MISSING,
        /** The entry's number was there before: it was moved, or another put in between. */
        OUT_OF_ORDER,
        /** Entries are missing after the last one. */
        CUT_OFF,
        /** A bulletin was signed for another log than this one. */
        SIGNED_OTHERWISE,
        /** A signature is not the key centre's. */
        BAD_SIGNATURE,
        /** What the entry says cannot be read as such an entry's. */
        UNREADABLE,
        /** Certificates do not fit what the log says of them. */
        CERTIFICATES,
        /** Revocations do not fit their chain or what the log says of them. */
        REVOCATIONS,
        /** A provider is not as the log made it. */
        PROVIDERS,
        /** An enrolment token is not as the log made it. */
        TOKENS,
        /** A key epoch is not as the log announced it. */
        KEYS,
        /** An operator is not as the log made it. */
        OPERATORS,
        /** The database's own counters do not fit its rows. */
        HEADS
    }

    @Override
    public String toString() {
        return (entry == 0 ? "" : "entry " + entry + ": ") + kind + ", " + what;
    }
}
