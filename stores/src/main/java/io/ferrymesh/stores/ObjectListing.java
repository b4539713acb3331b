package io.ferrymesh.stores;

import java.util.List;

/** A listing in progress. Used by one thread at a time. */
public interface ObjectListing extends AutoCloseable {

    /**
     * The next entries in order, at most {@code max}; an empty list at the end and from then on. What cannot be an object
     * (a symbolic link, a device, an unreadable directory, a name that is not UTF-8) comes as {@link Skipped}.
     */
    List<ListingEntry> next(int max) throws StoreException;

    @Override
    void close();
}
