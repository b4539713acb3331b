package io.ferrymesh.migration;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Enters what waits in the directory again, which forgets entries when members of the cluster die close together: everything within
 * seconds once that may have happened, and otherwise a little at a time, so that many grants cost next to nothing. Any thread.
 *
 * @param <T> what waits
 */
final class Renewals<T> {

    /** How often everything is entered again for no reason. */
    static final long ALL_MS = 600_000;

    static final long TURN_MS = 10_000;

    /** After a loss. */
    static final long SOON_MS = 100;

    static final int AT_ONCE = 64;

    private final Supplier<? extends Collection<T>> all;
    private final Consumer<T> enter;
    private final Later later;

    // under this
    private final Queue<T> left = new ArrayDeque<>();
    private boolean hurry;
    private int share; // of one turn
    private long turns; // tells the timer that is meant from those before
    private boolean closed;

    /**
     * Begins with nothing lost.
     *
     * @param all what waits now
     * @param enter enters one; must not throw
     */
    Renewals(Supplier<? extends Collection<T>> all, Consumer<T> enter, Later later) {
        this.all = all;
        this.enter = enter;
        this.later = later;
    }

    synchronized void start() {
        next(TURN_MS);
    }

    /** Some of it may be gone. */
    synchronized void lost() {
        left.clear();
        left.addAll(all.get());
        hurry = true;
        next(SOON_MS);
    }

    synchronized void close() {
        closed = true;
        left.clear();
    }

    private synchronized void next(long afterMs) {
        if (!closed) {
            long turn = ++turns;
            later.after(afterMs, () -> turn(turn));
        }
    }

    private void turn(long turn) {
        for (T each : take(turn)) {
            enter.accept(each);
        }
    }

    private synchronized Collection<T> take(long turn) {
        Collection<T> taken = new ArrayDeque<>();
        if (closed || turn != turns) {
            return taken;
        }
        if (!hurry && left.isEmpty()) {
            left.addAll(all.get());
            share = (int) ((left.size() * TURN_MS + ALL_MS - 1) / ALL_MS);
        }
        for (int most = hurry ? AT_ONCE : share; most > 0 && !left.isEmpty(); most--) {
            taken.add(left.remove());
        }
        hurry = hurry && !left.isEmpty();
        next(hurry ? SOON_MS : TURN_MS);
        return taken;
    }
}
