package io.ferrymesh.provider.options;

/** What happens to content types, users' metadata and times that the destination cannot keep. */
public enum MetadataPolicy {
    /** Kept where that is possible; the report says of which objects it was not. */
    PREFER,
    /** An object whose metadata cannot be kept fails. */
    REQUIRE,
    /** Nothing of it is moved. */
    IGNORE
}
