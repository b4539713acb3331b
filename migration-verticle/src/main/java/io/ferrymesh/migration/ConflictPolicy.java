package io.ferrymesh.migration;

/** What is done with an object whose name is taken at the destination by other content. */
public enum ConflictPolicy {
    /** What is there stays; the object fails with CONFLICT. */
    SKIP_SAME,
    /** It is replaced if the source's object was modified later; otherwise it stays, which is no failure. */
    OVERWRITE_OLDER,
    /** It is replaced. */
    OVERWRITE,
    /** It stays, and the object arrives beside it under the first free name of the form {@code name (2).ext}. */
    KEEP_BOTH,
    /** It stays, and the run ends with CONFLICT. */
    FAIL;

    /** Whether what is there may give way. */
    boolean replaces() {
        return this == OVERWRITE || this == OVERWRITE_OLDER;
    }
}
