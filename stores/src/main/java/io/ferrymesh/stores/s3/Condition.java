package io.ferrymesh.stores.s3;

import org.jspecify.annotations.Nullable;

/**
 * What must hold of the object that is there for a write to happen.
 *
 * @param ifNoneMatch {@code *} for nothing there
 * @param ifMatch the server's etag of what must be there
 */
record Condition(@Nullable String ifNoneMatch, @Nullable String ifMatch) {

    static final Condition NONE = new Condition(null, null);
    static final Condition ABSENT = new Condition("*", null);

    static Condition matches(String s3Etag) {
        return new Condition(null, "\"" + s3Etag + "\"");
    }
}
