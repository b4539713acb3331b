package io.ferrymesh.migration;

import org.jspecify.annotations.Nullable;

/** Holds the credit of one frame back until every object that ended within it is settled. Any thread. */
final class FrameHold {

    // under this
    private int unsettled;
    private @Nullable Runnable grant;

    /** One more object has ended; {@link #settled} once for each. */
    synchronized void hold() {
        unsettled++;
    }

    /** An object is durable and journaled, or has failed. */
    void settled() {
        Runnable due;
        synchronized (this) {
            unsettled--;
            due = due();
        }
        if (due != null) {
            due.run();
        }
    }

    /** The frame is worked off: runs {@code whenSettled} now, or when the last object is settled. */
    void release(Runnable whenSettled) {
        Runnable due;
        synchronized (this) {
            grant = whenSettled;
            due = due();
        }
        if (due != null) {
            due.run();
        }
    }

    // under this
    private @Nullable Runnable due() {
        Runnable due = unsettled == 0 ? grant : null;
        if (due != null) {
            grant = null;
        }
        return due;
    }
}
