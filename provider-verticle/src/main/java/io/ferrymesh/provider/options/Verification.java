package io.ferrymesh.provider.options;

/** How it is made sure that what is there is what was sent. */
public enum Verification {
    /** Digests of what is read and of what is written are compared. */
    STREAM,
    /** What was published is read again besides, and compared, before it counts. */
    READ_BACK
}
