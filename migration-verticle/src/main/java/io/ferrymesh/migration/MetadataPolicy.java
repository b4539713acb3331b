package io.ferrymesh.migration;

/** How much it matters that content type and user metadata arrive. */
public enum MetadataPolicy {
    /** Kept where the store can; an object that arrives without them is reported, and has not failed. */
    PREFER,
    /** An object whose metadata the store cannot keep fails with UNSUPPORTED_METADATA; other metadata is other content. */
    REQUIRE,
    /** Left behind. */
    IGNORE
}
