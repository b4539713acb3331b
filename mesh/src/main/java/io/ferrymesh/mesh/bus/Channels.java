package io.ferrymesh.mesh.bus;

import io.ferrymesh.mesh.Limits;
import io.ferrymesh.mesh.MeshCounters;
import io.ferrymesh.mesh.MeshCounters.Event;
import io.ferrymesh.mesh.stream.Owner;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What goes to everybody who subscribed to a channel. Event loop only. */
final class Channels {

    private static final Logger LOG = LoggerFactory.getLogger(Channels.class);

    private final Id128 self;
    private final BusCarrier carrier;
    private final MeshCounters counters;

    Channels(Id128 self, BusCarrier carrier, MeshCounters counters) {
        this.self = self;
        this.carrier = carrier;
        this.counters = counters;
    }

    void publish(String channel, Buffer payload) {
        carrier.toChannel(channel)
                .send(new Message.Publication(self, channel, payload))
                .onFailure(cause -> LOG.debug("nobody heard what was published: {}", cause.getMessage()));
    }

    /** Takes what arrives at a channel's address to its handler. */
    Consumer<Message> subscriber(String channel, Handler<Buffer> handler, Owner owner) {
        AtomicInteger waiting = new AtomicInteger();
        return message -> {
            if (message instanceof Message.Publication publication
                    && publication.channel().equals(channel)) {
                hand(publication.payload(), handler, owner, waiting);
            } else {
                counters.count(Event.MALFORMED_MESSAGE);
            }
        };
    }

    /** Drops what a handler that does not keep up would have to wait for: a publication is best effort. */
    private void hand(Buffer payload, Handler<Buffer> handler, Owner owner, AtomicInteger waiting) {
        if (waiting.incrementAndGet() > Limits.MAX_PENDING_PUBLICATIONS) {
            waiting.decrementAndGet();
            counters.count(Event.PUBLICATION_DROPPED);
            return;
        }
        owner.run(() -> {
            waiting.decrementAndGet();
            handler.handle(payload);
        });
    }
}
