package io.ferrymesh.migration;

/** What is done with an object that is not at the source any more as it was listed. */
public enum SourceChangedPolicy {
    /** It is looked at again and fetched as it is now, as often as attempts allow. */
    RETRY,
    /** It fails with SOURCE_CHANGED. */
    FAIL
}
