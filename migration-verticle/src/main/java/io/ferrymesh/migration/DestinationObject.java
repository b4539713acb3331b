package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.SegmentHasher;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * An object on its way into the destination's store, or one there already that is compared. Different lanes may work on
 * different segments at once. Once it is decided, nothing more is written and what was staged is gone.
 */
final class DestinationObject {

    /** Objects of a session that may be begun and not complete: each holds a descriptor. A source needs one a lane. */
    static final int MAX_OPEN = 4 * EngineOptions.MAX_DATA_LANES;

    /** What is done with it. */
    enum Mode {
        STORE,
        COMPARE
    }

    private final long index;
    private final ObjectInfo info;
    private final Mode mode;
    private final ObjectStore store;
    private final Segments segments;
    private final AtomicInteger open;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    // under `lock`
    private @Nullable StagedObject staged;
    private @Nullable ObjectReader reader;
    private boolean decided;
    private boolean counted;

    /**
     * An object that was announced.
     *
     * @param open counts the objects of the session that are begun and not complete
     */
    DestinationObject(long index, ObjectInfo info, Mode mode, ObjectStore store, AtomicInteger open) {
        this.index = index;
        this.info = info;
        this.mode = mode;
        this.store = store;
        this.segments = new Segments(info.size());
        this.open = open;
    }

    long index() {
        return index;
    }

    ObjectInfo info() {
        return info;
    }

    Mode mode() {
        return mode;
    }

    Segments segments() {
        return segments;
    }

    /** Starts it on the first segment; nothing afterwards. */
    void start() throws StoreException {
        lock.writeLock().lock();
        try {
            if (decided || counted || staged != null || reader != null) {
                return;
            }
            if (open.get() >= MAX_OPEN) {
                throw new MeshException(ErrorCode.INVALID_MESSAGE, "more than " + MAX_OPEN + " objects begun at once");
            }
            if (mode == Mode.STORE) {
                staged = store.stage(info);
            } else if (!info.path().isDirectory()) {
                reader = store.open(info.path());
            }
            counted = true;
            open.incrementAndGet();
        } finally {
            lock.writeLock().unlock();
        }
    }

    void write(long position, byte[] from, int offset, int length) throws StoreException {
        lock.readLock().lock();
        try {
            if (!decided && staged != null) {
                staged.write(position, from, offset, length);
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Hashes a segment of what is in the store. */
    Digest hashStored(int segment) throws StoreException {
        lock.readLock().lock();
        try {
            SegmentHasher hasher = new SegmentHasher();
            if (!decided && reader != null) {
                hash(reader, segment, hasher);
            }
            return hasher.finish();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Every segment is there: it holds no descriptor any more. */
    void complete() {
        lock.writeLock().lock();
        try {
            uncount();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Takes the staged object out, to be published; empty when it was decided meanwhile. */
    Optional<StagedObject> release() {
        lock.writeLock().lock();
        try {
            Optional<StagedObject> released = Optional.ofNullable(staged);
            staged = null;
            return released;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * Decides it, once, and lets go of everything.
     *
     * @return false when it was decided before
     */
    boolean decide() {
        lock.writeLock().lock();
        try {
            boolean first = !decided;
            decided = true;
            uncount();
            if (staged != null) {
                staged.close();
                staged = null;
            }
            if (reader != null) {
                reader.close();
                reader = null;
            }
            return first;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Lets go of everything, whatever became of it. */
    void discard() {
        boolean unused = decide();
    }

    /** How a failure of the destination's store is told. */
    static ErrorCode codeOf(StoreException e) {
        return switch (e.error()) {
            case EXISTS -> ErrorCode.CONFLICT;
            case FULL -> ErrorCode.DESTINATION_FULL;
            case UNSUPPORTED_PATH -> ErrorCode.UNSUPPORTED_PATH;
            case NOT_FOUND,
                    CHANGED,
                    NOT_READABLE,
                    NOT_WRITABLE,
                    UNSUPPORTED_METADATA,
                    THROTTLED,
                    UNAVAILABLE,
                    IO_ERROR -> ErrorCode.DESTINATION_FAILED;
        };
    }

    private void uncount() {
        if (counted) {
            counted = false;
            open.decrementAndGet();
        }
    }

    private void hash(ObjectReader from, int segment, SegmentHasher hasher) throws StoreException {
        byte[] buffer = new byte[64 << 10];
        long position = segments.start(segment);
        int left = segments.length(segment);
        while (left > 0) {
            int read = from.read(position, buffer, 0, Math.min(left, buffer.length));
            if (read <= 0) {
                throw new StoreException(StoreError.EXISTS, "the object changed while it was compared: " + info.path());
            }
            hasher.update(buffer, 0, read);
            position += read;
            left -= read;
        }
    }
}
