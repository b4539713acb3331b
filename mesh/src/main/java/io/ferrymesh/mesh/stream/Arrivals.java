package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshCounters;
import io.ferrymesh.mesh.MeshCounters.Event;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.ferrymesh.mesh.wire.Role;
import org.jspecify.annotations.Nullable;

/**
 * Which stream a message belongs to, and whether it may come the way it came: a stream is on the bus or on one direct
 * connection, and what comes another way is not taken (docs/wire.md, When a direct connection breaks). Event loop only.
 */
final class Arrivals {

    private final StreamHub hub;
    private final Streams streams;
    private final Openings openings;
    private final MeshCounters counters;

    Arrivals(StreamHub hub, Streams streams, Openings openings, MeshCounters counters) {
        this.hub = hub;
        this.streams = streams;
        this.openings = openings;
        this.counters = counters;
    }

    void overBus(Message.OfStream message) {
        if (message instanceof Message.Open open) {
            openings.overBus(open);
            return;
        }
        StreamEnd end = ofPeer(message.stream(), sender(message), message.from());
        if (message instanceof Message.Moved moved) {
            moved(end, moved);
        } else if (end == null) {
            counters.count(Event.UNKNOWN_STREAM);
        } else if (end.link().isDirect() && !(message instanceof Message.Cancel)) {
            counters.count(Event.FRAME_OUT_OF_ORDER); // its peer would have said before that it moved
        } else {
            take(end, message);
        }
    }

    void overBus(Message.Heartbeat heartbeat) {
        for (Message.Beat beat : heartbeat.beats()) {
            StreamEnd end = ofPeer(beat.stream(), beat.role(), heartbeat.from());
            take(beat, end == null || end.link().isDirect() ? null : end);
        }
    }

    void direct(PeerLink on, Message message) {
        on.heard();
        if (!message.from().equals(on.peer)) {
            counters.count(Event.UNKNOWN_STREAM);
        } else if (message instanceof Message.Open open) {
            openings.direct(on, open);
        } else if (message instanceof Message.Heartbeat heartbeat) {
            heartbeat.beats().forEach(beat -> take(beat, onLink(on, beat.stream(), beat.role())));
        } else if (message instanceof Message.OfStream ofStream && !(message instanceof Message.Moved)) {
            StreamEnd end = onLink(on, ofStream.stream(), sender(ofStream));
            if (end == null) {
                counters.count(Event.UNKNOWN_STREAM);
            } else {
                take(end, ofStream);
            }
        } else {
            counters.count(Event.MALFORMED_MESSAGE);
        }
    }

    private @Nullable StreamEnd ofPeer(Id128 stream, Role sender, Id128 from) {
        StreamEnd end = streams.hearing(stream, sender);
        return end != null && end.link().peer.equals(from) ? end : null;
    }

    private @Nullable StreamEnd onLink(PeerLink on, Id128 stream, Role sender) {
        StreamEnd end = streams.hearing(stream, sender);
        return end != null && end.link() == on ? end : null;
    }

    private static Role sender(Message.OfStream message) {
        if (message instanceof Message.Cancel cancel) {
            return cancel.role();
        }
        if (message instanceof Message.Moved moved) {
            return moved.role();
        }
        return message instanceof Message.Data || message instanceof Message.End ? Role.OPENER : Role.ACCEPTOR;
    }

    private static void take(StreamEnd end, Message.OfStream message) {
        if (message instanceof Message.Cancel cancel) {
            cancelled(end, cancel.code());
        } else if (end instanceof InboundEnd receiving) {
            receiving.received(message);
        } else if (end instanceof OutboundEnd sending) {
            sending.received(message);
        }
    }

    private static void cancelled(StreamEnd end, ErrorCode code) {
        boolean unused = end.over(code, "cancelled by the peer");
    }

    private void take(Message.Beat beat, @Nullable StreamEnd end) {
        if (end == null) {
            counters.count(Event.UNKNOWN_STREAM);
        } else if (end instanceof InboundEnd receiving) {
            end.heard();
            receiving.beat(beat);
        } else if (end instanceof OutboundEnd sending) {
            sending.beat(beat);
        }
    }

    /** The peer says that it left the direct connection of a stream, which then is no good for any of them. */
    private void moved(@Nullable StreamEnd end, Message.Moved moved) {
        if (end == null) {
            // It may have ended while its connection broke, and the peer not have heard of it.
            if (!hub.sending.repeatLastWord(moved.from(), moved.stream())) {
                counters.count(Event.UNKNOWN_STREAM);
            }
            return;
        }
        if (!end.beganDirect()) {
            counters.count(Event.FRAME_OUT_OF_ORDER);
            return;
        }
        boolean here = !end.link().isDirect();
        hub.broken(end.link(), "the peer has left it");
        end.heard();
        if (end instanceof OutboundEnd sending) {
            sending.peerMoved(moved.position(), moved.received());
        } else {
            end.arrived();
            if (here) {
                end.sayMoved(); // it may not have heard
            }
        }
    }
}
