package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.Skipped;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What the source has listed, what is undecided of it, and the ledger of the rest. Any thread. */
final class SourceBook {

    private final Map<Long, SourceObject> undecided = new ConcurrentHashMap<>();
    private final AtomicLong listed = new AtomicLong();
    private final Ledger ledger = new Ledger();
    private final Progress progress;
    private final SegmentQueue queue;
    private final Departures departures;
    private volatile boolean listingComplete;

    /** One of which nothing is erased. */
    SourceBook(Progress progress, SegmentQueue queue) {
        this(progress, queue, Departures.none());
    }

    /**
     * Of one run.
     *
     * @param queue what waits to be sent of the undecided ones
     * @param departures what arrived and may be erased
     */
    SourceBook(Progress progress, SegmentQueue queue, Departures departures) {
        this.progress = progress;
        this.queue = queue;
        this.departures = departures;
    }

    /** Whether the window has room for one more object. */
    boolean mayList() {
        return listed.get() < ledger.decided() + Ledger.WINDOW;
    }

    /** Enters an object before it is announced; only the listing's worker does. */
    long list(ObjectInfo info) {
        long index = listed.get();
        undecided.put(index, new SourceObject(index, info));
        listed.set(index + 1);
        progress.listed(info.size());
        return index;
    }

    void skip(Skipped skipped) {
        progress.skipped(skipped);
    }

    /** Nothing more will be listed. */
    void listingComplete() {
        listingComplete = true;
    }

    long listed() {
        return listed.get();
    }

    /** An object that was announced and is undecided. */
    SourceObject get(long index) {
        SourceObject object = undecided.get(index);
        if (object == null) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "object " + index + " was not listed or is decided");
        }
        return object;
    }

    /** An object that is undecided. */
    Optional<SourceObject> find(long index) {
        return Optional.ofNullable(undecided.get(index));
    }

    /** Begins an object's next round, as it is now; only the listing's worker does. */
    void listAgain(SourceObject before, ObjectInfo now) {
        queue.remove(before);
        SourceObject next = new SourceObject(before.index(), now, before.round() + 1);
        if (undecided.replace(before.index(), before, next)) {
            progress.listedAgain(before.info().size(), now.size());
        }
    }

    /** Enters what the destination says became of an object. */
    void decide(long index, Outcome outcome) {
        SourceObject object = get(index);
        object.abandon();
        queue.remove(object);
        if (outcome.arrived()) {
            ledger.arrived(index, object.info(), digest(object));
            departures.arrived(object);
        } else {
            ledger.failed(index);
        }
        undecided.remove(index);
        progress.decided(object.info(), outcome);
    }

    /** Enters an object that arrived in an earlier run, whose vouchers are right. */
    void agree(SourceObject object, boolean stored) {
        ledger.arrived(object.index(), object.info(), digest(object));
        departures.arrived(object);
        undecided.remove(object.index());
        progress.decided(object.info(), stored ? Outcome.STORED : Outcome.PRESENT);
    }

    /** The totals of a listing of which every object is decided. */
    Ledger.Totals totals() {
        if (!listingComplete || !undecided.isEmpty()) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "a receipt before every object was decided");
        }
        return ledger.totals();
    }

    private static io.ferrymesh.scheme.Digest digest(SourceObject object) {
        try {
            return object.segments().digest();
        } catch (IllegalStateException e) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "an object arrived that was not sent in full", e);
        }
    }
}
