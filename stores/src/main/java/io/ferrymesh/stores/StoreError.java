package io.ferrymesh.stores;

/** Why a store could not do something. */
public enum StoreError {
    NOT_FOUND,
    EXISTS,
    /** The object is not the one the caller named by its etag. */
    CHANGED,
    NOT_READABLE,
    NOT_WRITABLE,
    UNSUPPORTED_PATH,
    /** The store cannot keep the metadata, of this object or of any. */
    UNSUPPORTED_METADATA,
    FULL,
    /** The store asked for fewer requests, and still did after the retries. */
    THROTTLED,
    /** The store did not answer, and still did not after the retries. */
    UNAVAILABLE,
    IO_ERROR
}
