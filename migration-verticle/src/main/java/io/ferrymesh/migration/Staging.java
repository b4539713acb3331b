package io.ferrymesh.migration;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bytes of one object that is not published yet: where they are, which of them are safe, and what becomes of them when the
 * run ends before. An object of several segments is kept for the next run where its store and the journal can. Guarded by its
 * object's lock: writing and making safe under the read lock, the rest under the write lock.
 */
final class Staging {

    private static final Logger LOG = LoggerFactory.getLogger(Staging.class);

    private final ObjectInfo info;
    private final ObjectInfo there;
    private final Target target;
    private final Carried carried;
    private final Segments segments;
    private final Place place;
    private final Checkpoint checkpoint;
    private final @Nullable Unfinished left;
    private @Nullable StagedObject staged;
    private boolean kept;
    private volatile boolean verifiedAny;

    /** @param left what an earlier run has left of it; null if nothing */
    Staging(
            ObjectInfo info,
            Target target,
            Carried carried,
            Segments segments,
            Place place,
            @Nullable Unfinished left) {
        this.info = info;
        this.there = new ObjectInfo(target.path(), info.size(), info.modified());
        this.target = target;
        this.carried = carried;
        this.segments = segments;
        this.place = place;
        this.left = left;
        this.kept = left != null;
        this.checkpoint = new Checkpoint(place.journal().checkpointBytes(), place.clock());
    }

    boolean isOpen() {
        return staged != null;
    }

    /** Whether the next run can go on with it, and would have less to do then: a segment of it is there and right. */
    boolean isWorthKeeping() {
        return kept && (left != null || verifiedAny);
    }

    /** Stages it, or takes up what is left of it. */
    void open() throws StoreException {
        if (left != null) {
            place.journal().requireCurrent();
            staged = place.store().resume(there, left.metadata(), left.token());
        } else if (segments.count() == 1 || !target.isOwnName()) {
            staged = carried.stage(metadata -> place.store().stage(there, metadata));
        } else {
            staged = carried.stage(metadata -> place.store().stageDurably(there, metadata));
            Optional<String> token = staged.token();
            if (token.isPresent() && place.journal().isKept()) {
                place.journal().begun(info, carried.staged(), token.get());
                kept = true;
            }
        }
    }

    /** A segment is to come, of which an earlier process may have left a half. */
    void begin(int segment) throws StoreException {
        if (left != null && staged != null) {
            staged.rewrite(segment);
        }
    }

    void write(long position, byte[] from, int offset, int length) throws StoreException {
        if (staged != null) {
            staged.write(position, from, offset, length);
        }
    }

    /** Notes a segment that is there and right; says when it is time for {@link #makeSafe}. */
    Checkpoint.Due verified(SafeSegment segment) {
        verifiedAny = true;
        return checkpoint.add(segment, segments.length(segment.segment()));
    }

    /** Makes what gathered survive the process, and says so to the journal. */
    void makeSafe() throws StoreException {
        if (kept && staged != null) {
            Checkpoint.Taken taken = checkpoint.take(); // those that are whole before it is forced
            try {
                staged.force();
                if (!taken.segments().isEmpty()) {
                    place.journal().safe(info.path(), taken.segments());
                }
            } finally {
                checkpoint.done(taken);
            }
        }
    }

    /** Hands over what the journal does not know of its segments. */
    List<SafeSegment> takeRest() {
        return checkpoint.take().segments();
    }

    /** Takes it out, to be published. */
    Optional<StagedObject> release() {
        Optional<StagedObject> released = Optional.ofNullable(staged);
        staged = null;
        return released;
    }

    /** Removes it. */
    void close() {
        if (staged != null) {
            staged.close();
            staged = null;
        }
    }

    /** Lets go of it so that the next run can go on, as far as that is possible now. */
    void keep() {
        try {
            if (staged != null) {
                makeSafe();
            } else { // publishing it failed: the store holds what it holds
                List<SafeSegment> rest = takeRest();
                if (!rest.isEmpty()) {
                    place.journal().safe(info.path(), rest);
                }
            }
        } catch (StoreException | RuntimeException e) {
            LOG.debug("what came last of an object is not kept", e);
        }
        letGo();
    }

    /** Forgets in the journal what was published, or could not be. */
    void drop() {
        if (kept) {
            kept = false;
            place.journal().dropped(List.of(info.path()));
        }
    }

    private void letGo() {
        if (staged != null) {
            staged.detach();
            staged = null;
        }
    }

    /** Removes it, also from the journal. What can be taken up is another run's when that has taken over. */
    void forget() {
        if (kept) {
            requireCurrent();
        }
        if (staged == null && left != null) {
            discard(place, left);
        }
        close();
        if (kept) {
            place.journal().dropped(List.of(info.path()));
        }
    }

    private void requireCurrent() {
        try {
            place.journal().requireCurrent();
        } catch (RuntimeException e) {
            letGo();
            throw e;
        }
    }

    /** Removes what an earlier run has staged of an object, unless another run has taken over. */
    static void discard(Place place, Unfinished left) {
        place.journal().requireCurrent();
        try {
            place.store().discard(left.listed().path(), left.token());
        } catch (StoreException e) {
            LOG.debug("what is staged stays until the store removes it", e);
        }
    }
}
