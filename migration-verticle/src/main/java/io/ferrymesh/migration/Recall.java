package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.SegmentCombiner;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What earlier runs have left: finds the objects that arrived and are still what they were, and the parts of unfinished ones,
 * and has the source check its vouchers for them. What does not fit is forgotten and goes the ordinary way; what the store cannot
 * say anything of now is left as it is and looked at again later. Listing worker only.
 */
final class Recall {

    private static final Logger LOG = LoggerFactory.getLogger(Recall.class);

    private final Place place;
    private final DestinationBook book;
    private final Publisher publisher;
    private final Published published;
    private final Ordinary ordinary;

    // what the source is to check, by index
    private final Map<Long, Known> known = new HashMap<>();
    private final Map<Long, Rest> rests = new HashMap<>();

    /** An object that was announced. */
    record Entry(long index, ObjectInfo info, Round round) {}

    /** What is done with an object of which nothing is known to be here. */
    interface Ordinary {
        /** No journal knows of it. */
        void decide(Entry entry);

        /** The store could not be asked. */
        void failed(Entry entry, StoreException e);
    }

    /** @param isNew whether the journal is to hear that it arrived */
    private record Known(Entry entry, Arrived arrived, boolean isNew) {}

    private record Rest(DestinationObject object, Unfinished left) {}

    Recall(Place place, TransferOptions options, DestinationBook book, Publisher publisher, Ordinary ordinary) {
        this.place = place;
        this.book = book;
        this.publisher = publisher;
        this.published = new Published(place, options);
        this.ordinary = ordinary;
    }

    /** Decides what to ask the source about each of these. */
    void decide(List<Entry> entries) {
        for (int i = 0; i < entries.size(); i += Journal.AT_ONCE) {
            decideSome(entries.subList(i, Math.min(entries.size(), i + Journal.AT_ONCE)));
        }
    }

    private void decideSome(List<Entry> entries) {
        Map<ObjectPath, Arrived> arrivedBefore = place.journal()
                .arrived(entries.stream().map(entry -> entry.info().path()).toList());
        List<ObjectPath> gone = new ArrayList<>();
        List<Entry> others = new ArrayList<>();
        for (Entry entry : entries) {
            Arrived before = arrivedBefore.get(entry.info().path());
            try {
                Optional<Known> here = before == null
                        ? published.find(entry).map(arrived -> new Known(entry, arrived, true))
                        : still(entry, before);
                if (here.isPresent()) {
                    known.put(entry.index(), here.get());
                    book.claim(new KnownRecords(entry.index(), here.get().arrived(), place.journal()));
                    continue;
                }
            } catch (StoreException e) {
                ordinary.failed(entry, e);
                continue;
            }
            if (before != null) {
                gone.add(entry.info().path());
            }
            others.add(entry);
        }
        if (!gone.isEmpty()) {
            place.journal().dropped(gone);
        }
        others.forEach(ordinary::decide);
    }

    /**
     * Asks for an object that is wanted: for what is missing of it, if some of it is here under its own name. Fails, and forgets
     * nothing, when the store cannot say whether it is.
     */
    void want(Entry entry, Target target) throws StoreException {
        long index = entry.index();
        ObjectInfo info = entry.info();
        if (info.size() > Segments.BYTES && target.isOwnName()) {
            Optional<Unfinished> left = place.journal().unfinished(info.path());
            Optional<Unfinished> usable = left.isPresent() ? usable(info, left.get()) : Optional.empty();
            if (usable.isPresent()) {
                DestinationObject object = DestinationObject.resumed(index, info, target, place, usable.get());
                rests.put(index, new Rest(object, usable.get()));
                book.askForRest(object, usable.get().safe());
                return;
            }
            left.ifPresent(before -> {
                Staging.discard(place, before);
                place.journal().dropped(List.of(info.path()));
            });
        }
        book.ask(new DestinationObject(index, info, DestinationObject.Mode.STORE, target, place));
    }

    /** The source's vouchers were right. */
    void agreed(long index) {
        Known object = known.remove(index);
        if (object != null) {
            book.known(index, object.arrived(), object.isNew());
            return;
        }
        Rest rest = rests.remove(index);
        if (rest == null) {
            throw notClaimed(index);
        }
        if (rest.object().segments().isComplete()) {
            publish(rest.object());
        }
    }

    /** These vouchers were not right, or are of no use any more: it is as if nothing had been known. */
    void refused(List<Long> indices) {
        List<Entry> again = new ArrayList<>();
        for (Long index : indices) {
            Known object = known.remove(index);
            Rest rest = rests.remove(index);
            if (object != null) {
                again.add(object.entry());
            } else if (rest != null) {
                book.forget(rest.object());
                again.add(new Entry(
                        index, rest.object().info(), rest.object().target().round()));
            } else {
                throw notClaimed(index);
            }
        }
        if (!again.isEmpty()) {
            place.journal()
                    .dropped(again.stream().map(entry -> entry.info().path()).toList());
        }
        again.forEach(ordinary::decide);
    }

    private void publish(DestinationObject object) {
        try {
            object.startComplete();
            publisher.publish(object, object.segments().digest(), () -> {});
        } catch (StoreException e) {
            LOG.debug("object {} cannot be taken up: {}", object.index(), e.getMessage());
            book.failed(object, Setback.of(e));
        }
    }

    private Optional<Known> still(Entry entry, Arrived before) throws StoreException {
        return isStill(entry.info(), before) ? Optional.of(new Known(entry, before, false)) : Optional.empty();
    }

    /** Whether the source still lists the very object that arrived, and the store still has it. */
    private boolean isStill(ObjectInfo info, Arrived before) throws StoreException {
        if (!info.equals(before.listed())) {
            return false;
        }
        try {
            Optional<String> etag = before.etag();
            boolean same = etag.isPresent()
                    ? place.store().details(before.at()).etag().equals(etag.get())
                    : Published.isSame(place.store().head(before.at()), before);
            return same && isWhole(before);
        } catch (StoreException e) {
            requireNotFound(e);
            LOG.debug("an object that had arrived is not there: {}", e.getMessage());
            return false;
        }
    }

    /** Whether the journal has every segment, and they are those of the object's digest. */
    private boolean isWhole(Arrived before) {
        int count = new Segments(before.listed().size()).count();
        SegmentCombiner combiner = new SegmentCombiner();
        while (combiner.count() < count) {
            List<SafeSegment> some = KnownRecords.some(before, place.journal(), (int) combiner.count());
            if (some.isEmpty() || (count > 1) == before.voucher().isPresent()) {
                return false;
            }
            for (SafeSegment segment : some) {
                if (segment.segment() != combiner.count()) {
                    return false;
                }
                combiner.add(segment.digest());
            }
        }
        return combiner.count() == count && combiner.finish().equals(before.digest());
    }

    /** What can be used of an unfinished object: of the segments that were safe, those that the store still holds. */
    private Optional<Unfinished> usable(ObjectInfo info, Unfinished before) throws StoreException {
        int count = new Segments(info.size()).count();
        if (!info.equals(before.listed())) {
            return Optional.empty();
        }
        place.journal().requireCurrent();
        try (StagedObject staged = place.store().resume(info, before.metadata(), before.token())) {
            List<SafeSegment> held = before.safe().stream()
                    .filter(segment -> segment.segment() >= 0 && segment.segment() < count)
                    .filter(segment -> staged.holds(segment.segment()))
                    .toList();
            boolean distinct =
                    held.stream().map(SafeSegment::segment).distinct().count() == held.size();
            staged.detach();
            return held.isEmpty() || !distinct
                    ? Optional.empty()
                    : Optional.of(new Unfinished(info, before.metadata(), before.token(), held));
        } catch (StoreException e) {
            requireNotFound(e);
            LOG.debug("what was staged of an object is not there: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** Only NOT_FOUND says that something is not there; after anything else it may be. */
    static void requireNotFound(StoreException e) throws StoreException {
        if (e.error() != StoreError.NOT_FOUND) {
            throw e;
        }
    }

    private static MeshException notClaimed(Object index) {
        return new MeshException(
                ErrorCode.INVALID_MESSAGE, "nothing was claimed of object " + Objects.requireNonNull(index));
    }
}
