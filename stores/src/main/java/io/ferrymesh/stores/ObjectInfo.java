package io.ferrymesh.stores;

import java.time.Instant;

/**
 * What a store knows of an object without reading it.
 *
 * @param size in bytes, at least 0
 * @param modified to the precision the store keeps
 */
public record ObjectInfo(ObjectPath path, long size, Instant modified) implements ListingEntry {

    public ObjectInfo {
        if (size < 0) {
            throw new IllegalArgumentException("size must be >= 0: " + size);
        }
        if (path.isDirectory() && size != 0) {
            throw new IllegalArgumentException("an empty directory has size 0, not " + size + ": " + path);
        }
    }
}
