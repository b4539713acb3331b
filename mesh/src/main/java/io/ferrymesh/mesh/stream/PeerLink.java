package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.wire.Id128;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One peer while it shares a stream with this process. Keeps what was handed to the carrier and has not left yet below a
 * bound, whatever the credit of its streams: so that a slow link neither fills the memory nor holds up the heartbeats and
 * the bus's own pings, which queue behind. Event loop only.
 */
final class PeerLink {

    /** Most bytes of frames under way to one peer inside this process, give or take a frame. */
    static final long MAX_UNSENT_BYTES = 4L << 20;

    final Id128 peer;
    final Carrier.Line line;
    final Set<StreamEnd> ends = new LinkedHashSet<>();

    private final Set<OutboundEnd> queue = new LinkedHashSet<>();
    private long unsentBytes;

    PeerLink(Id128 peer, Carrier.Line line) {
        this.peer = peer;
        this.line = line;
    }

    boolean hasRoom() {
        return unsentBytes < MAX_UNSENT_BYTES;
    }

    void handedOn(int bytes) {
        unsentBytes += bytes;
    }

    void left(int bytes) {
        unsentBytes -= bytes;
    }

    /** Puts a stream that has credit but no room at the back of the queue for room. */
    void queue(OutboundEnd end) {
        queue.add(end);
    }

    void unqueue(OutboundEnd end) {
        queue.remove(end);
    }

    /** Takes the stream that waited longest for room, or none. */
    @Nullable
    OutboundEnd next() {
        Iterator<OutboundEnd> first = queue.iterator();
        if (!first.hasNext()) {
            return null;
        }
        OutboundEnd end = first.next();
        first.remove();
        return end;
    }

    long unsentBytes() {
        return unsentBytes;
    }
}
