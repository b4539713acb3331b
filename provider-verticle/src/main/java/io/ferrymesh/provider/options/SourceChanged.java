package io.ferrymesh.provider.options;

/** What happens when an object at the source is no longer what was listed. */
public enum SourceChanged {
    /** The source looks again and sends what it is then. */
    RETRY,
    /** The object fails with SOURCE_CHANGED. */
    FAIL
}
