package io.ferrymesh.stores;

import java.util.List;
import java.util.Optional;

/**
 * Objects under slash-separated UTF-8 paths. Every call may block: worker threads only. Implementations are safe for
 * concurrent use. Every failure is a {@link StoreException} with a {@link StoreError}; none leaves a half-written object
 * visible. A store that is reached over a network retries what can be retried and then fails with THROTTLED, UNAVAILABLE or
 * IO_ERROR, from any call.
 *
 * <p>A path that ends in {@code /} names an empty directory and has size 0 and no metadata, as in S3; other directories
 * exist only as prefixes of objects.
 */
public interface ObjectStore extends AutoCloseable {

    /** Lists every object whose path starts with {@code prefix}: {@link #list(String, Optional)} from the beginning. */
    default ObjectListing list(String prefix) throws StoreException {
        return list(prefix, Optional.empty());
    }

    /**
     * Lists every object whose path starts with {@code prefix} (empty for all) and comes after {@code after}, in the byte
     * order of the UTF-8 paths. Where it starts need not exist, and what lies before is not read where the store can do
     * without. Holds at most a bounded number of entries, however many objects or directory members there are. An object
     * created or removed while the listing runs may or may not appear; an object that is there all the time appears once.
     */
    ObjectListing list(String prefix, Optional<ObjectPath> after) throws StoreException;

    /**
     * The same for who asks for paths and sizes only: the times may be when the objects were stored. Where times cost a request
     * for each object, this costs one for many.
     */
    default ObjectListing listSizes(String prefix) throws StoreException {
        return list(prefix);
    }

    /** The object's current size and modification time. Fails with NOT_FOUND. */
    ObjectInfo head(ObjectPath path) throws StoreException;

    /** The same with etag and metadata, all of one moment. Fails with NOT_FOUND, and NOT_READABLE where that takes reading. */
    ObjectDetails details(ObjectPath path) throws StoreException;

    /** Opens for reading at any position. Fails with NOT_FOUND, NOT_READABLE, UNSUPPORTED_PATH. */
    ObjectReader open(ObjectPath path) throws StoreException;

    /** Starts an object without metadata: {@link #stage(ObjectInfo, ObjectMetadata)}. */
    default StagedObject stage(ObjectInfo info) throws StoreException {
        return stage(info, ObjectMetadata.EMPTY);
    }

    /**
     * Starts an object of exactly {@code info.size()} bytes, invisible until published. Fails with FULL,
     * UNSUPPORTED_PATH (a name this store cannot hold), UNSUPPORTED_METADATA (it cannot keep metadata, or not this, or the
     * object is an empty directory) or NOT_WRITABLE.
     */
    StagedObject stage(ObjectInfo info, ObjectMetadata metadata) throws StoreException;

    /**
     * Makes a group of finished staged objects durable, then visible, each in one atomic step. When the call returns, every
     * object without an error in the result survives a power cut, under its name and with its modification time. A failure
     * of one does not stop the others. Every staged object of the group is closed afterwards.
     *
     * @return the outcomes, in the order of {@code group}
     */
    List<PublishOutcome> publish(List<StagedObject> group, PublishMode mode);

    /**
     * Publishes one finished staged object in place of the one that is there, if that has {@code etag}: CHANGED if it has
     * another, NOT_FOUND if there is none. Looking and replacing are one step for all who write through this store; how far
     * that reaches to other processes and programs is in docs/stores.md. The staged object is closed afterwards.
     */
    PublishOutcome replace(StagedObject staged, String etag);

    /**
     * Removes an object for good, durably. Directories above it that are empty then go too, so that the object leaves no
     * empty directory behind. Fails with NOT_FOUND or NOT_WRITABLE.
     */
    void delete(ObjectPath path) throws StoreException;

    /** Removes an object if it has {@code etag}, in one step as {@link #replace}; otherwise fails with CHANGED. */
    void delete(ObjectPath path, String etag) throws StoreException;

    /** Removes what a crash left behind in staging and releases resources. Staged objects still open are discarded. */
    @Override
    void close();
}
