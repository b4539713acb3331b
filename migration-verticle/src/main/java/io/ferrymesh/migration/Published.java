package io.ferrymesh.migration;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.SegmentCombiner;
import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Finds large objects that an earlier process had published when it died, and not journaled yet: all of their segments are safe,
 * what was staged is not there any more, and in its place is an object of its size, time and metadata. Without this they would be
 * read and hashed again at both ends. None where that object may be the one that was to be replaced, or is to be read back.
 */
final class Published {

    /** Precisions to which stores keep a modification time. */
    private static final List<ChronoUnit> PRECISIONS =
            List.of(ChronoUnit.NANOS, ChronoUnit.MICROS, ChronoUnit.MILLIS, ChronoUnit.SECONDS);

    private final Place place;
    private final boolean looks;

    Published(Place place, TransferOptions options) {
        this.place = place;
        this.looks = options.verification() == Verification.STREAM
                && !options.conflicts().replaces();
    }

    /** What is known of an announced object, if it is such a one. */
    Optional<Arrived> find(Recall.Entry entry) throws StoreException {
        ObjectInfo info = entry.info();
        // in a later round it may be what this run has published, and found wrong
        if (!looks || info.size() <= Segments.BYTES || entry.round().number() > 0) {
            return Optional.empty();
        }
        Optional<Unfinished> left = place.journal().unfinished(info.path());
        if (left.isEmpty() || !isSafe(info, left.get()) || isStaged(info, left.get())) {
            return Optional.empty();
        }
        Staging.discard(place, left.get()); // the process may have died before it had removed all of it
        try {
            ObjectDetails there = place.store().details(info.path());
            boolean same = there.metadata().equals(left.get().metadata());
            return Optional.of(arrived(info, there.etag(), left.get()))
                    .filter(arrived -> same && isSame(there.info(), arrived));
        } catch (StoreException e) {
            Recall.requireNotFound(e);
            return Optional.empty();
        }
    }

    private static Arrived arrived(ObjectInfo info, String etag, Unfinished left) {
        SegmentCombiner combiner = new SegmentCombiner();
        left.safe().forEach(segment -> combiner.add(segment.digest()));
        Digest digest = combiner.finish();
        return new Arrived(info, info.path(), info.modified(), Optional.of(etag), true, digest, Optional.empty());
    }

    /** Whether all segments of the very object are safe. */
    private static boolean isSafe(ObjectInfo info, Unfinished left) {
        List<Integer> all =
                IntStream.range(0, new Segments(info.size()).count()).boxed().toList();
        return info.equals(left.listed())
                && left.safe().stream().map(SafeSegment::segment).toList().equals(all);
    }

    private boolean isStaged(ObjectInfo info, Unfinished left) throws StoreException {
        place.journal().requireCurrent();
        try (StagedObject staged = place.store().resume(info, left.metadata(), left.token())) {
            staged.detach();
            return true;
        } catch (StoreException e) {
            Recall.requireNotFound(e);
            return false;
        }
    }

    /** Whether what is in the store is, by size and time, what arrived. */
    static boolean isSame(ObjectInfo here, Arrived before) {
        Instant then = before.modifiedHere();
        return here.size() == before.listed().size()
                && PRECISIONS.stream()
                        .anyMatch(precision -> then.truncatedTo(precision).equals(here.modified()));
    }
}
