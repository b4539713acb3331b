package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.Skipped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What the source has listed, what is undecided of it, and the ledger of the rest. Any thread. */
final class SourceBook {

    private final Map<Long, SourceObject> undecided = new ConcurrentHashMap<>();
    private final AtomicLong listed = new AtomicLong();
    private final Ledger ledger = new Ledger();
    private final Progress progress;
    private volatile boolean listingComplete;

    SourceBook(Progress progress) {
        this.progress = progress;
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

    /** Enters what the destination says became of an object. */
    void decide(long index, Outcome outcome) {
        SourceObject object = get(index);
        object.abandon();
        if (outcome.arrived()) {
            ledger.arrived(index, object.info(), digest(object));
        } else {
            ledger.failed(index);
        }
        undecided.remove(index);
        progress.decided(object.info(), outcome);
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
