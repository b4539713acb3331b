package io.ferrymesh.migration;

import java.util.HashMap;
import java.util.Map;

/**
 * What one process can hold at once: the memory of all lanes, and sessions at its sources. At the destination the provider claims
 * no more than {@link #hasRoomToFetch} says. Any thread.
 */
final class Capacity {

    /** What one owner may have at least. */
    private static final int LEAST_SHARE = 4;

    private final WindowBudget windows;
    private final SendRoom sending;
    private final int most;
    private final int share;

    // under this
    private final Map<String, Integer> byOwner = new HashMap<>();
    private int sourceSessions;

    Capacity(EngineOptions options) {
        this.windows = new WindowBudget(options.windowBytes());
        this.sending = new SendRoom(options.windowBytes());
        long fit = options.windowBytes() / sessionBytes();
        this.most = (int) Math.max(1, Math.min(options.maxSessions(), fit));
        this.share = Math.max(LEAST_SHARE, most / 4);
    }

    /** What a session holds at least: a frame on each of the lanes that it begins with. */
    static long sessionBytes() {
        return Lanes.FIRST_DATA_LANES * WindowBudget.LEAST;
    }

    WindowBudget windows() {
        return windows;
    }

    SendRoom sending() {
        return sending;
    }

    /**
     * Whether a source's session more would be too much, with so many that are about to begin: because there are as many as the process
     * can hold, or because half of the places are taken and its owner has a quarter of all.
     */
    synchronized boolean isFull(String owner, int beginning) {
        int all = sourceSessions + beginning;
        return all >= most || (2 * all >= most && hasShare(owner));
    }

    /** Whether an owner has as many sessions as one may have where places are few. */
    synchronized boolean hasShare(String owner) {
        return byOwner.getOrDefault(owner, 0) >= share;
    }

    /**
     * A source's session begins; {@link #leave} once when it is over.
     *
     * @param owner whose grant it is
     * @param instead whether another one ends for it
     * @return false when there is no room
     */
    synchronized boolean enter(String owner, boolean instead) {
        if (!instead && isFull(owner, 0)) {
            return false;
        }
        sourceSessions++;
        byOwner.merge(owner, 1, Integer::sum);
        return true;
    }

    synchronized void leave(String owner) {
        sourceSessions--;
        byOwner.computeIfPresent(owner, (of, count) -> count > 1 ? count - 1 : null);
    }

    synchronized int sourceSessions() {
        return sourceSessions;
    }

    /** Whether the process can fetch one migration more. */
    boolean hasRoomToFetch(int fetching) {
        return fetching < most;
    }
}
