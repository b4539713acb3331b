package io.ferrymesh.provider.options;

/** What happens to an object whose name is taken at the destination by another content. */
public enum ConflictPolicy {
    /** The same content counts as there; another is a CONFLICT of that object. */
    SKIP_SAME,
    /** Another content is replaced when the source's is later, else left with NEWER_THERE. */
    OVERWRITE_OLDER,
    /** Another content is replaced. */
    OVERWRITE,
    /** It arrives beside, under a name with a number. */
    KEEP_BOTH,
    /** The first one ends the run with CONFLICT. */
    FAIL
}
