package io.ferrymesh.provider.engine;

import java.util.List;

/**
 * Keeps what a source may erase: the objects that the receipt of a run covers. A grant that has one is a move. A failure of what is
 * kept here ends the run with it.
 */
public interface DepartureLog {

    /** Most objects in one call. */
    int AT_ONCE = 512;

    /** Whether a run may begin now, before anything is done for it. Called on one of the engine's workers; may block. */
    boolean mayBegin();

    /** A run begins; what an earlier one still says counts for nothing beside it. Must not block. */
    Run begin();

    /** One run. Called on one of the engine's workers, in order; may block. */
    interface Run {

        /** Called first, before anything is listed; durable when it returns. OVERLOADED while it may not begin. */
        void begins();

        /** Takes objects that arrived, at most {@link #AT_ONCE}; durable when it returns. All of a run come before its receipt is kept. */
        void arrived(List<Departed> objects);

        /** The destination has the receipt: from now on what arrived in this run may be erased. Durable when it returns. */
        void completed();

        /** The run has ended; the last call of one that begun. */
        void over();
    }
}
