package io.ferrymesh.kgc.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many connections there are, and which of them keep the server waiting for too long, a byte now and then or none.
 * Event loop only.
 *
 * @param <C> a connection
 */
final class Connections<C> {

    /** What a connection is waited for, and for how long at most. */
    enum Phase {
        /** A whole request. */
        RECEIVING(30_000),
        /** An answer of this process, which takes as long as it takes. */
        WORKING(Long.MAX_VALUE),
        /** That the answer is taken. */
        SENDING(30_000),
        /** The rest of a request that was answered before it was read. */
        DISCARDING(2_000);

        private final long mostMs;

        Phase(long mostMs) {
            this.mostMs = mostMs;
        }
    }

    private record State(Phase phase, long sinceMs) {}

    private final int most;
    private final Map<C, State> open = new HashMap<>();

    Connections(int most) {
        this.most = most;
    }

    /** Takes a connection on, unless there are too many. */
    boolean opened(C connection, long nowMs) {
        if (open.size() >= most) {
            return false;
        }
        open.put(connection, new State(Phase.RECEIVING, nowMs));
        return true;
    }

    void closed(C connection) {
        open.remove(connection);
    }

    /** What it is waited for from now on. */
    void enter(C connection, Phase phase, long nowMs) {
        open.replace(connection, new State(phase, nowMs));
    }

    /** Those that took too long. */
    List<C> overdue(long nowMs) {
        return open.entrySet().stream()
                .filter(entry ->
                        nowMs - entry.getValue().sinceMs() > entry.getValue().phase().mostMs)
                .map(Map.Entry::getKey)
                .toList();
    }

    int size() {
        return open.size();
    }
}
