package io.ferrymesh.stores;

/**
 * All that a store knows of an object without reading it.
 *
 * @param etag names this content of this object: it changes whenever the content or the metadata does, and may change when
 *     they do not. 1 to 128 printable ASCII characters without spaces and quotes
 */
public record ObjectDetails(ObjectInfo info, String etag, ObjectMetadata metadata) {

    /** Most characters of an etag. */
    public static final int MAX_ETAG = 128;

    /** Refuses an etag that could not stand in a header field. */
    public ObjectDetails {
        if (etag.isEmpty()
                || etag.length() > MAX_ETAG
                || !etag.chars().allMatch(c -> c > ' ' && c <= '~' && c != '"')) {
            throw new IllegalArgumentException(
                    "an etag has 1 to " + MAX_ETAG + " printable ASCII characters without spaces and quotes: " + etag);
        }
    }
}
