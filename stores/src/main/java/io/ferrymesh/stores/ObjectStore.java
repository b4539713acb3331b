package io.ferrymesh.stores;

import java.util.List;

/**
 * Objects under slash-separated UTF-8 paths. Every call may block: worker threads only. Implementations are safe for
 * concurrent use. Every failure is a {@link StoreException} with a {@link StoreError}; none leaves a half-written object
 * visible.
 *
 * <p>A path that ends in {@code /} names an empty directory and has size 0, as in S3; other directories exist only as
 * prefixes of objects.
 */
public interface ObjectStore extends AutoCloseable {

    /**
     * Lists every object whose path starts with {@code prefix} (empty for all), in the byte order of the UTF-8 paths.
     * Holds at most a bounded number of entries, however many objects or directory members there are. An object created
     * or removed while the listing runs may or may not appear; an object that is there all the time appears once.
     */
    ObjectListing list(String prefix) throws StoreException;

    /** The object's current size and modification time. Fails with NOT_FOUND. */
    ObjectInfo head(ObjectPath path) throws StoreException;

    /** Opens for reading at any position. Fails with NOT_FOUND, NOT_READABLE, UNSUPPORTED_PATH. */
    ObjectReader open(ObjectPath path) throws StoreException;

    /**
     * Starts an object of exactly {@code info.size()} bytes, invisible until published. Fails with FULL,
     * UNSUPPORTED_PATH (a name this store cannot hold) or NOT_WRITABLE.
     */
    StagedObject stage(ObjectInfo info) throws StoreException;

    /**
     * Makes a group of finished staged objects durable, then visible, each in one atomic step. When the call returns, every
     * object without an error in the result survives a power cut, under its name and with its modification time. A failure
     * of one does not stop the others. Every staged object of the group is closed afterwards.
     *
     * @return the outcomes, in the order of {@code group}
     */
    List<PublishOutcome> publish(List<StagedObject> group, PublishMode mode);

    /** Removes what a crash left behind in staging and releases resources. Staged objects still open are discarded. */
    @Override
    void close();
}
