package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.SegmentHasher;
import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * An object on its way into the destination's store, or one there already that is compared. Different lanes may work on
 * different segments at once. Once it is decided, nothing more is written; what was staged is gone then, or kept for the next
 * run if the journal knows of it.
 */
final class DestinationObject {

    /** Objects of a session that may be begun and not complete: each holds a descriptor. A source needs one a lane. */
    static final int MAX_OPEN = 4 * EngineOptions.MAX_DATA_LANES;

    /** What is done with it. */
    enum Mode {
        STORE,
        COMPARE
    }

    /** What a segment that is there and right means for its object. */
    enum Verified {
        /** Others are missing. */
        MORE,
        /** Others are missing, and it is time to make safe those that are there. */
        DUE,
        /** It was the last one missing: of several lanes, one learns so. */
        COMPLETE
    }

    private final long index;
    private final ObjectInfo info;
    private final Mode mode;
    private final Target target;
    private final Carried carried;
    private final Place place;
    private final Segments segments;
    private final Staging staging;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    // under `lock`
    private @Nullable ObjectReader reader;
    private @Nullable ObjectDetails compared;
    private volatile boolean begun; // read without
    private boolean decided;
    private boolean counted;

    /** An object that was announced. */
    DestinationObject(long index, ObjectInfo info, Mode mode, Target target, Place place) {
        this(index, info, mode, target, place, null);
    }

    private DestinationObject(
            long index, ObjectInfo info, Mode mode, Target target, Place place, @Nullable Unfinished left) {
        this.index = index;
        this.info = info;
        this.mode = mode;
        this.target = target;
        this.carried = new Carried(target.metadata());
        this.place = place;
        this.segments = new Segments(info.size());
        this.staging = new Staging(info, target, carried, segments, place, left);
    }

    /** An object of which a part is there from an earlier run. */
    static DestinationObject resumed(long index, ObjectInfo info, Target target, Place place, Unfinished left) {
        DestinationObject object = new DestinationObject(index, info, Mode.STORE, target, place, left);
        object.carried.resume(left.metadata());
        left.safe().forEach(safe -> {
            object.segments.begin(safe.segment());
            boolean unused = object.segments.enter(safe.segment(), safe.digest());
        });
        return object;
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

    /** Where it goes. */
    Target target() {
        return target;
    }

    /** The metadata that came with it. */
    Carried carried() {
        return carried;
    }

    Segments segments() {
        return segments;
    }

    /** Starts a segment, and with the first one the object. */
    void start(int segment) throws StoreException {
        if (!begun) {
            begin();
        }
        lock.readLock().lock();
        try {
            if (!decided) {
                staging.begin(segment);
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    private void begin() throws StoreException {
        lock.writeLock().lock();
        try {
            if (!decided && !begun) {
                open();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Takes up one of which every segment is there, so that it can be published. */
    void startComplete() throws StoreException {
        lock.writeLock().lock();
        try {
            if (!decided && !begun) {
                begun = true;
                staging.open();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    // under the write lock
    private void open() throws StoreException {
        if (place.open().get() >= MAX_OPEN) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "more than " + MAX_OPEN + " objects begun at once");
        }
        if (mode == Mode.STORE) {
            staging.open();
        } else if (!info.path().isDirectory()) {
            reader = place.store().open(target.path());
            compared = reader.details();
        }
        begun = true;
        counted = true;
        place.open().incrementAndGet();
        if (mode == Mode.STORE && segments.count() > 1) {
            place.begunBytes().addAndGet(info.size());
        }
    }

    void write(long position, byte[] from, int offset, int length) throws StoreException {
        lock.readLock().lock();
        try {
            if (!decided) {
                staging.write(position, from, offset, length);
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Hashes a segment of what is in the store. */
    Digest hashStored(int segment) throws StoreException {
        lock.readLock().lock();
        try {
            return !decided && reader != null
                    ? StoredSegment.hash(reader, segments, segment)
                    : new SegmentHasher().finish();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** A segment is there and right. So many that nobody has made safe are made so here. */
    Verified verified(SafeSegment segment) throws StoreException {
        lock.readLock().lock();
        try {
            Checkpoint.Due due =
                    staging.verified(segment); // before it counts: who learns that it is complete has them all
            if (segments.enter(segment.segment(), segment.digest())) {
                return Verified.COMPLETE;
            }
            if (due == Checkpoint.Due.NOW && !decided) {
                staging.makeSafe();
            }
            return due == Checkpoint.Due.SOON ? Verified.DUE : Verified.MORE;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Makes all of its segments that are there safe, where it is kept beyond the process. */
    void makeSafe() throws StoreException {
        lock.readLock().lock();
        try {
            if (!decided && segments.count() > 1) {
                staging.makeSafe();
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    /** What it is compared with, once that has begun; nothing for an empty directory. */
    Optional<ObjectDetails> compared() {
        lock.readLock().lock();
        try {
            return Optional.ofNullable(compared);
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

    /** What was staged is no more, and nothing of it is of use to another attempt: the journal forgets it. */
    void forgetStaged() {
        lock.writeLock().lock();
        try {
            staging.drop();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Takes the staged object out, to be published; empty when it was decided meanwhile. */
    Optional<StagedObject> release() {
        lock.writeLock().lock();
        try {
            return staging.release();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** What is known of it now that it is in the store. Before it is decided. */
    Arrival arrival(Digest digest) {
        lock.writeLock().lock();
        try {
            Instant modified = reader == null ? info.modified() : reader.info().modified();
            Optional<String> etag = reader == null || segments.count() == 1
                    ? Optional.empty()
                    : Optional.of(reader.details().etag());
            return new Arrival(this, digest, modified, etag, staging.takeRest());
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
            staging.close();
            if (reader != null) {
                reader.close();
                reader = null;
            }
            return first;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * Decides that it does not arrive in this run, once.
     *
     * @param again whether what is there of it may be of use for another attempt
     * @return false when it was decided before
     */
    boolean giveUp(boolean again) {
        lock.writeLock().lock();
        try {
            if (!decided && staging.isWorthKeeping() && again) {
                staging.keep();
            } else if (!decided) {
                staging.forget();
            }
            return decide();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void uncount() {
        if (counted) {
            counted = false;
            place.open().decrementAndGet();
        }
    }
}
