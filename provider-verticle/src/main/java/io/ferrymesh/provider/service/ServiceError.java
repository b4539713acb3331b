package io.ferrymesh.provider.service;

/** Why a provider does not do what a user asks for. */
public enum ServiceError {
    /** The request is malformed or cannot be meant; the message names the field. */
    INVALID,
    /** Nobody, or not who they say. Never says which. */
    UNAUTHENTICATED,
    /** Known, and not allowed. */
    FORBIDDEN,
    /** Nothing there, or nothing of this account's. */
    NOT_FOUND,
    /** It contradicts what is there. */
    CONFLICT,
    /** A condition of the request does not hold. */
    PRECONDITION_FAILED,
    /** The store cannot hold an object of that name or with that metadata. */
    UNSUPPORTED,
    /** What arrived is not what was announced. */
    DIGEST_MISMATCH,
    /** The account's space is used up. */
    QUOTA_EXCEEDED,
    /** The provider's store has no room. */
    STORE_FULL,
    /** Too often; {@link ServiceException#retryAfterSeconds} says when again. */
    THROTTLED,
    /** Too much at once; later is fine. */
    OVERLOADED,
    /** The database, the store or the key centre is away. */
    UNAVAILABLE
}
