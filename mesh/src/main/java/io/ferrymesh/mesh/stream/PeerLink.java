package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.DirectSession;
import io.ferrymesh.mesh.wire.Id128;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One peer while it shares a stream with this process, over the bus; or one direct connection to it. Keeps what was handed to
 * the carrier and has not left yet below a bound, whatever the credit of its streams: so that a slow link neither fills the
 * memory nor holds up the heartbeats and the bus's own pings, which queue behind. Event loop only.
 */
public final class PeerLink {

    /** Most bytes of frames under way to one peer inside this process over the bus, give or take a frame. */
    static final long MAX_UNSENT_BYTES = 4L << 20;
    /** The same on one direct connection: less, for there can be many. */
    static final long MAX_UNSENT_DIRECT_BYTES = 1L << 20;
    /** Most streams that a peer may have open on one direct connection. */
    static final int MAX_DIRECT_STREAMS = 64;

    /** Ticks without a stream after which a direct connection is closed. */
    private static final int IDLE_TICKS = 2;

    final Id128 peer;
    final Carrier.Line line;
    final Set<StreamEnd> ends = new LinkedHashSet<>();
    private final Set<OutboundEnd> queue = new LinkedHashSet<>();
    private final Carrier.@Nullable Connection connection;
    private final Silence silence = new Silence();
    private long unsentBytes;
    private int idleTicks;
    private boolean broken;

    private PeerLink(Id128 peer, Carrier.Line line, Carrier.@Nullable Connection connection) {
        this.peer = peer;
        this.line = line;
        this.connection = connection;
    }

    static PeerLink bus(Id128 peer, Carrier.Line line) {
        return new PeerLink(peer, line, null);
    }

    static PeerLink direct(Id128 peer, Carrier.Connection connection) {
        return new PeerLink(peer, connection, connection);
    }

    boolean isDirect() {
        return connection != null;
    }

    /** The session that a direct connection is for. */
    Optional<DirectSession> session() {
        return Optional.ofNullable(connection).map(Carrier.Connection::session);
    }

    /** Whether a direct connection is not used any more. */
    boolean isBroken() {
        return broken;
    }

    /** Gives a direct connection up. Returns false when it was already. */
    boolean giveUp() {
        if (broken || connection == null) {
            return false;
        }
        broken = true;
        connection.close();
        return true;
    }

    /** Something came on it. */
    void heard() {
        silence.heard();
    }

    /** How long nothing came, in nanoseconds, as seen at this tick. */
    long silentNanos(long nowNanos) {
        return silence.nanos(nowNanos);
    }

    /** Whether a direct connection had no stream at this tick and those before. */
    boolean idleAtTick() {
        idleTicks = ends.isEmpty() ? idleTicks + 1 : 0;
        return idleTicks > IDLE_TICKS;
    }

    boolean hasRoom() {
        return unsentBytes < (connection == null ? MAX_UNSENT_BYTES : MAX_UNSENT_DIRECT_BYTES);
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
