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

    /** Most characters of a token of {@link #stageDurably}. */
    int MAX_TOKEN = 1_024;

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

    /**
     * Fails with UNSUPPORTED_PATH for a name that this store is known to be unable to hold; asks nobody else, so that a name it
     * lets through may still be refused by {@link #stage}.
     */
    default void requirePath(ObjectPath path) throws StoreException {}

    /** Fails with UNSUPPORTED_METADATA for what this store is known to be unable to keep; asks nobody else, like {@link #requirePath}. */
    default void requireMetadata(ObjectPath path, ObjectMetadata metadata) throws StoreException {}

    /** Size of the largest object that it takes, as far as it knows. */
    default long mostBytes() {
        return Long.MAX_VALUE;
    }

    /** How much more it can take now. Fails like any call when it cannot be asked. */
    default Room room() throws StoreException {
        return Room.UNKNOWN;
    }

    /** What an object takes of the quota in {@link Room#quotaBytes}: its bytes, and what else keeping it costs. */
    default long cost(ObjectPath path, long size) {
        return size;
    }

    /**
     * Fails with FULL when it is known that so much more does not fit. That it does not fail promises nothing.
     *
     * @param bytes of the objects
     * @param cost what they take of the quota
     */
    default void requireRoom(long bytes, long cost) throws StoreException {
        Room room = room();
        if (room.lacksQuota(cost)) {
            throw new StoreException(
                    StoreError.FULL,
                    "%d bytes of quota are needed and %d are left"
                            .formatted(cost, room.quotaBytes().orElseThrow()));
        }
        if (room.lacksSpace(bytes)) {
            throw new StoreException(
                    StoreError.FULL,
                    "%d bytes of space are needed and %d are free"
                            .formatted(bytes, room.freeBytes().orElseThrow()));
        }
    }

    /** Whether {@link #probe} asks nobody over a network. */
    default boolean isLocal() {
        return false;
    }

    /**
     * Finds out whether an object can be read: does what reading it takes, for its first byte only. Fails as {@link #open} and
     * reading do.
     */
    default ObjectDetails probe(ObjectPath path) throws StoreException {
        try (ObjectReader reader = open(path)) {
            int unused = reader.read(0, new byte[1], 0, reader.info().size() == 0 ? 0 : 1);
            return reader.details();
        }
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
     * The same for an object that is worth keeping when its process dies: where the store can, it has a
     * {@link StagedObject#token}, and what was forced can be taken up by {@link #resume}. Where it cannot, or the object is too
     * small for that, it is one as by {@link #stage(ObjectInfo, ObjectMetadata)}. Such an object is kept until it is published,
     * closed or {@linkplain #discard discarded}, however many processes come and go; what nobody has touched for long enough
     * (docs/stores.md) goes all the same. Closing the store lets go of it.
     */
    default StagedObject stageDurably(ObjectInfo info, ObjectMetadata metadata) throws StoreException {
        return stage(info, metadata);
    }

    /**
     * Takes up an object that a process left behind or let go of. It {@link StagedObject#holds} what was forced. Path, size,
     * modification time and metadata must be those it was staged with. One at a time may have it: a second who resumes it takes
     * it away from the first, whose calls fail from then on and whose closing discards nothing, as far as the first is of this
     * process. Between processes the caller has to see to that, by a lease; docs/stores.md says what holds if it does not.
     *
     * @throws StoreException NOT_FOUND when there is none under the token, or nothing of it was forced, or it was staged for
     *     something else, or the token is none of this store's
     */
    default StagedObject resume(ObjectInfo info, ObjectMetadata metadata, String token) throws StoreException {
        throw new StoreException(StoreError.NOT_FOUND, info.path() + ": nothing was kept of it");
    }

    /**
     * Removes what is kept under a token for an object at {@code path}; nothing when there is none, as after publication. Who has
     * it open in this process has it no more.
     */
    default void discard(ObjectPath path, String token) throws StoreException {}

    /**
     * Makes a group of finished staged objects durable, then visible, each in one atomic step. When the call returns, every
     * object without an error in the result survives a power cut, under its name and with its modification time. A failure
     * of one does not stop the others. Every staged object of the group is closed afterwards; but one with a token is let go of
     * when it failed with THROTTLED or UNAVAILABLE, so that it can be resumed and published later.
     *
     * @return the outcomes, in the order of {@code group}
     */
    List<PublishOutcome> publish(List<StagedObject> group, PublishMode mode);

    /**
     * Publishes one finished staged object in place of the one that is there, if that has {@code etag}: CHANGED if it has
     * another, NOT_FOUND if there is none. Looking and replacing are one step for all who write through this store; how far
     * that reaches to other processes and programs is in docs/stores.md. The staged object is closed afterwards, or let go of
     * as by {@link #publish}.
     */
    PublishOutcome replace(StagedObject staged, String etag);

    /**
     * Removes an object for good, durably. Directories above it that are empty then go too, so that the object leaves no
     * empty directory behind. Fails with NOT_FOUND or NOT_WRITABLE.
     */
    void delete(ObjectPath path) throws StoreException;

    /** Removes an object if it has {@code etag}, in one step as {@link #replace}; otherwise fails with CHANGED. */
    void delete(ObjectPath path, String etag) throws StoreException;

    /**
     * Removes what a crash left behind in staging and releases resources. Staged objects still open are discarded, or let go of
     * if they have a token.
     */
    @Override
    void close();
}
