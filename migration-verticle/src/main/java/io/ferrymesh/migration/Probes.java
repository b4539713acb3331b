package io.ferrymesh.migration;

import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Objects of which the destination, in a dry run, asks the source whether it can read them. Each listed object is asked for at most
 * once, so no more wait than the listing's window has. Any thread adds; the listing's worker tries.
 */
final class Probes {

    /** So many in one turn of the worker, which other migrations share. */
    static final int MOST_IN_TURN = 64;

    private final ObjectStore store;
    private final SourceBook book;
    private final Outage outage;
    private final ProbeSample sample;
    private final Queue<Long> wanted = new ConcurrentLinkedQueue<>();
    private int left; // in this turn

    Probes(ObjectStore store, SourceBook book, Outage outage) {
        this.store = store;
        this.book = book;
        this.outage = outage;
        this.sample = new ProbeSample(store.isLocal());
    }

    /** Tries an object soon. Refuses one that was asked for in any way. */
    void add(long index) {
        book.get(index).probe();
        wanted.add(index);
    }

    void beginTurn() {
        left = MOST_IN_TURN;
    }

    /** Whether some are left for the next turn. */
    boolean goOn() {
        return left == 0 && !wanted.isEmpty();
    }

    /** The next answer; null when there is none, or it has to wait. */
    byte @Nullable [] next() {
        Long index;
        while (left > 0 && (index = wanted.poll()) != null) {
            SourceObject object = book.find(index).orElse(null);
            if (object != null) {
                left--;
                return (sample.takesNext() ? probe(object) : Probed.NOT_TRIED).answer(index);
            }
        }
        return null;
    }

    private Probed probe(SourceObject object) {
        try {
            Probed readable = Probed.readable(store.probe(object.info().path()).metadata());
            outage.over();
            return readable;
        } catch (StoreException e) {
            if (Outage.isOne(e)) {
                outage.requireShort(Outage.FEWEST - 1);
                return Probed.NOT_TRIED;
            }
            outage.over();
            return e.error() == StoreError.NOT_FOUND ? Probed.GONE : Probed.UNREADABLE;
        }
    }
}
