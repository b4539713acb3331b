package io.ferrymesh.migration;

/** How it is made sure that an object arrived as it was sent. Digests are compared while it is written in any case. */
public enum Verification {
    /** The digest of what was handed to the store is the source's. */
    STREAM,
    /** As {@link #STREAM}, and the published object is read again and hashed before it counts. */
    READ_BACK
}
