package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.wire.Message;
import io.ferrymesh.mesh.wire.WireFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What is done at every tick: says which streams are here, gives up those whose peer was silent for too long, and leaves direct
 * connections that stand still. Event loop only.
 */
final class Heart {

    private final StreamHub hub;
    private final Links links;
    private final long intervalNanos;
    private final long timeoutNanos;
    private long lastTickNanos;

    Heart(StreamHub hub, Links links, StreamOptions options) {
        this.hub = hub;
        this.links = links;
        this.intervalNanos = TimeUnit.MILLISECONDS.toNanos(options.heartbeatIntervalMs());
        this.timeoutNanos = TimeUnit.MILLISECONDS.toNanos(options.peerTimeoutMs());
    }

    /** Ticks are needed from now on. */
    void begins(long now) {
        lastTickNanos = now;
    }

    void tick(long now) {
        boolean slept =
                now - lastTickNanos > 3 * intervalNanos; // this process stood still: what came meanwhile is unread
        lastTickNanos = now;
        for (PeerLink link : links.direct()) {
            connection(link, now, slept);
        }
        for (PeerLink link : links.overBus()) {
            beat(link, now, slept);
        }
    }

    private void connection(PeerLink link, long now, boolean slept) {
        if (slept) {
            link.heard();
        }
        boolean silent = link.silentNanos(now) >= timeoutNanos;
        if (link.idleAtTick()) {
            hub.broken(link, "no stream is left on it");
        } else if (silent && !link.ends.isEmpty()) {
            hub.broken(link, "nothing came on it in time");
        } else {
            beat(link, now, slept);
        }
    }

    private void beat(PeerLink link, long now, boolean slept) {
        List<Message.Beat> beats = new ArrayList<>(Math.min(link.ends.size(), WireFormat.MAX_BEATS));
        for (StreamEnd end : List.copyOf(link.ends)) {
            if (slept) {
                end.heard();
            }
            if (end.openingTooLong(now)) {
                end.giveUp(ErrorCode.UNAVAILABLE, "not accepted in time");
            } else if (end.silentNanos(now) >= timeoutNanos && !StreamHub.isOpening(end)) {
                hub.peerLost(end, "no word from the peer in time");
            } else {
                beats.add(end.beat());
                end.sayAgain();
                if (end.isMoving()) {
                    end.sayMoved();
                }
            }
            if (beats.size() == WireFormat.MAX_BEATS) {
                hub.sending.send(link, new Message.Heartbeat(hub.self(), beats));
                beats.clear();
            }
        }
        if (!beats.isEmpty()) {
            hub.sending.send(link, new Message.Heartbeat(hub.self(), beats));
        }
    }
}
