package io.ferrymesh.stores;

/** What publishing does when the path is taken. */
public enum PublishMode {
    /** The existing object stays as it is; publishing fails with EXISTS. Decided atomically where the store can. */
    CREATE_ONLY,
    /** The existing object is replaced in one step. */
    REPLACE
}
