package io.ferrymesh.scheme;

/** What is known about revoked pseudonyms at one moment. */
@FunctionalInterface
public interface RevocationView {

    /** The answer for one pseudonym. */
    enum Status {
        /** Not revoked, by a log that is current. */
        GOOD,
        /** Revoked. */
        REVOKED,
        /** Nobody can say: what is known is stale or missing. Treated as a refusal. */
        UNKNOWN
    }

    /** The status of a pseudonym at a time in epoch seconds. */
    Status status(Pseudonym pseudonym, long nowEpochSeconds);
}
