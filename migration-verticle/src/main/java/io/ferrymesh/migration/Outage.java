package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells a store that is away from an object that it cannot serve: how often in a row it did not answer, while it did nothing for
 * any other object. What is away ends the run, which is begun again later, and fails no object. Any thread.
 */
final class Outage {

    /** So often in a row at least, before a store counts as away. */
    static final int FEWEST = 3;

    /** So often in a row, and it does whatever is still to be tried: twice for each object that may be under way. */
    static final int MOST = 2 * Ledger.WINDOW;

    private final AtomicInteger inRow = new AtomicInteger();

    /** Whether a store says by this that it does not answer. */
    static boolean isOne(StoreException e) {
        return e.error() == StoreError.UNAVAILABLE || e.error() == StoreError.THROTTLED;
    }

    /** The store did what it was asked for an object. */
    void over() {
        if (inRow.get() != 0) {
            inRow.set(0);
        }
    }

    /**
     * The store did not answer when it was asked about an object.
     *
     * @param attempts how many this was for the object
     * @return whether it has done nothing for any object in all of them
     */
    boolean goesOn(int attempts) {
        return inRow.incrementAndGet() >= Math.max(attempts, FEWEST);
    }

    /** The same at a source, which does not know how many attempts there are: fails when it has gone on for long enough. */
    void requireShort(int round) {
        if (goesOn(round < FEWEST - 1 ? MOST : round + 1)) {
            throw new MeshException(ErrorCode.UNAVAILABLE, "the source's store is away");
        }
    }
}
