package io.ferrymesh.mesh;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What arrived and was refused, by kind. Any thread. */
public final class MeshCounters {

    /** What a counter counts. */
    public enum Event {
        MALFORMED_MESSAGE,
        UNKNOWN_TOPIC,
        UNKNOWN_REPLY,
        UNKNOWN_STREAM,
        FRAME_OUT_OF_ORDER,
        CREDIT_INVALID,
        CREDIT_OVERRUN,
        STREAM_REFUSED,
        PUBLICATION_DROPPED,
        PEER_LOST
    }

    private final Map<Event, LongAdder> counts = new ConcurrentHashMap<>();

    /** Counts one more. */
    public void count(Event event) {
        counts.computeIfAbsent(event, e -> new LongAdder()).increment();
    }

    /** How often since start. */
    public long get(Event event) {
        LongAdder count = counts.get(event);
        return count == null ? 0 : count.sum();
    }
}
