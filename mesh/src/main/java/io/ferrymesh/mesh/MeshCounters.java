package io.ferrymesh.mesh;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What arrived and was refused, by kind, and which ways streams took. Any thread. */
public final class MeshCounters {

    /** What was refused. */
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
        PEER_LOST,
        /** A connection to the direct listener that did not prove what it should have. */
        DIRECT_UNPROVEN,
        /** One that took too long to. */
        DIRECT_LATE,
        /** One too many of those that have proved nothing yet. */
        DIRECT_TOO_MANY,
        /** A peer did not read what it was sent on a direct connection. */
        DIRECT_UNREAD
    }

    /** What streams were carried by. */
    public enum Carried {
        /** An end of a stream began on the bus. */
        STREAMS_BUS,
        /** An end of a stream began on a direct connection. */
        STREAMS_DIRECT,
        /** A direct connection was there, proved by both ends. */
        CONNECTIONS,
        /** A peer's offer could not be taken up. */
        DIALS_FAILED,
        /** A direct connection broke while it had streams. */
        FALLBACKS,
        /** An end of a stream moved from a direct connection to the bus. */
        STREAMS_MOVED
    }

    private final Map<Enum<?>, LongAdder> counts = new ConcurrentHashMap<>();

    /** Counts one more. */
    public void count(Event event) {
        increment(event);
    }

    /** Counts one more. */
    public void count(Carried carried) {
        increment(carried);
    }

    /** How often since start. */
    public long get(Event event) {
        return sum(event);
    }

    /** How often since start. */
    public long get(Carried carried) {
        return sum(carried);
    }

    private void increment(Enum<?> what) {
        counts.computeIfAbsent(what, e -> new LongAdder()).increment();
    }

    private long sum(Enum<?> what) {
        LongAdder count = counts.get(what);
        return count == null ? 0 : count.sum();
    }
}
