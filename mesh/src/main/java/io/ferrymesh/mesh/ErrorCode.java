package io.ferrymesh.mesh;

/** The closed vocabulary of what can go wrong between processes. Names travel on the bus and in the HTTP API. */
public enum ErrorCode {
    /** The message could not be decoded, or says what its sender may not say. */
    INVALID_MESSAGE,
    /** No process answers, or not in time. */
    UNAVAILABLE,
    /** The other end of a stream went away without a word. */
    PEER_LOST,
    /** This side, or the user, gave up. */
    CANCELLED,
    /** Too much at once; later is fine. */
    OVERLOADED,
    /** The enrolment token is unknown, used or expired, or the provider is not enrolled. */
    NOT_ENROLLED,
    /** More pseudonyms were asked for than this provider may have in this epoch. */
    QUOTA_EXCEEDED,
    /** The certificate is revoked. */
    REVOKED,
    /** The handshake failed. Never says why. */
    HANDSHAKE_REFUSED,
    /** No live grant by that id. */
    GRANT_UNKNOWN,
    /** The source object was changed, or vanished, while it was read. */
    SOURCE_CHANGED,
    /** The source object cannot be read. */
    SOURCE_UNREADABLE,
    /** What was read and what was written differ. */
    DIGEST_MISMATCH,
    /** The destination has another object of that name. */
    CONFLICT,
    /** The destination's store cannot hold an object of that name. */
    UNSUPPORTED_PATH,
    /** The destination's store cannot keep the object's metadata, which it must. */
    UNSUPPORTED_METADATA,
    /** No room at the destination. */
    DESTINATION_FULL,
    /** The destination's store failed. */
    DESTINATION_FAILED,
    /** A defect or an unexpected failure; the log of the process that says so has the details. */
    INTERNAL,
    /** Too many requests of this provider; later is fine. */
    RATE_LIMITED,
    /** The key epoch is unknown or retired: the fingerprint that a provider is configured with must be renewed. */
    KEY_RETIRED,
    /** It was not done by when the user wanted it. */
    DEADLINE
}
