package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.InboundStream;
import io.ferrymesh.mesh.MeshCounters;
import io.ferrymesh.mesh.MeshCounters.Event;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.mesh.StreamHandler;
import io.ferrymesh.mesh.wire.Message;
import io.ferrymesh.mesh.wire.Role;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Streams that peers open: whether they are wanted is for the topic's handler to say. Event loop only, except where said. */
final class Openings {

    private static final Logger LOG = LoggerFactory.getLogger(Openings.class);

    private record Accepting(StreamHandler handler, Owner owner) {}

    private final StreamHub hub;
    private final Streams streams;
    private final Links links;
    private final MeshCounters counters;
    private final Map<String, Accepting> topics = new ConcurrentHashMap<>();
    private boolean closed;

    Openings(StreamHub hub, Streams streams, Links links, MeshCounters counters) {
        this.hub = hub;
        this.streams = streams;
        this.links = links;
        this.counters = counters;
    }

    /** Any thread. */
    void onStream(String topic, StreamHandler handler, Owner owner) {
        if (topics.putIfAbsent(topic, new Accepting(handler, owner)) != null) {
            throw new IllegalStateException("streams of this topic have a handler already: " + topic);
        }
    }

    /** Refuses everything from now on. */
    void close() {
        closed = true;
    }

    /** One that came over the bus: new, or of a stream whose direct connection broke before its opener heard an answer. */
    void overBus(Message.Open open) {
        StreamEnd end = streams.hearing(open.stream(), Role.OPENER);
        if (end instanceof InboundEnd known
                && known.beganDirect()
                && known.link().peer.equals(open.from())) {
            hub.broken(known.link(), "the peer has left it");
            known.openedAgain();
        } else if (end != null) {
            counters.count(Event.STREAM_REFUSED); // a replay: an answer would end the stream it copies
        } else if (!hub.sending.repeatLastWord(open.from(), open.stream())) {
            admit(open, links.bus(open.from()));
        }
    }

    /** One that came on a direct connection. */
    void direct(PeerLink on, Message.Open open) {
        if (streams.hearing(open.stream(), Role.OPENER) != null) {
            counters.count(Event.STREAM_REFUSED);
        } else if (on.ends.size() >= PeerLink.MAX_DIRECT_STREAMS) {
            counters.count(Event.STREAM_REFUSED);
            refuse(open, on, ErrorCode.OVERLOADED);
        } else {
            admit(open, on);
        }
    }

    private void admit(Message.Open open, PeerLink link) {
        Accepting accepting = topics.get(open.topic());
        if (accepting == null) {
            counters.count(Event.UNKNOWN_TOPIC);
            refuse(open, link, ErrorCode.UNAVAILABLE);
        } else if (closed || streams.isFull()) {
            counters.count(Event.STREAM_REFUSED);
            refuse(open, link, ErrorCode.OVERLOADED);
        } else {
            ask(open, link, accepting);
        }
    }

    private void refuse(Message.Open open, PeerLink link, ErrorCode code) {
        Sending.say(link.line, new Message.Refuse(hub.self(), open.stream(), code));
        links.left(link);
    }

    private void ask(Message.Open open, PeerLink link, Accepting accepting) {
        PeerAddress from = new PeerAddress(PeerAddress.PREFIX + open.from());
        InboundEnd end = new InboundEnd(hub, link, open, from, accepting.owner);
        hub.begin(end);
        accepting.owner.run(() -> decide(accepting.handler, end)
                .onComplete((credit, failure) -> hub.execute(() -> decided(end, credit, failure))));
    }

    /** On the owner's context. */
    private static Future<Long> decide(StreamHandler handler, InboundStream stream) {
        try {
            return handler.opened(stream);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private void decided(InboundEnd end, @Nullable Long credit, @Nullable Throwable failure) {
        if (failure == null && credit != null) {
            end.accept(credit);
        } else {
            counters.count(Event.STREAM_REFUSED);
            end.refuse(refusal(failure));
        }
    }

    private static ErrorCode refusal(@Nullable Throwable failure) {
        if (failure instanceof MeshException refusal) {
            return refusal.code();
        }
        LOG.error("a stream handler failed; its stream is refused", failure);
        return ErrorCode.INTERNAL;
    }
}
