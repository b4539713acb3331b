package io.ferrymesh.mesh.direct;

import io.ferrymesh.mesh.MeshCounters;
import io.ferrymesh.mesh.MeshCounters.Event;
import io.ferrymesh.mesh.stream.PeerLink;
import io.ferrymesh.mesh.stream.StreamHub;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is said on one connection, once it is proved who is there. Event loop only. */
abstract class Talk implements DirectConnection.User {

    private static final Logger LOG = LoggerFactory.getLogger(Talk.class);

    private final StreamHub streams;
    private final MeshCounters counters;
    private @Nullable PeerLink link;

    Talk(StreamHub streams, MeshCounters counters) {
        this.streams = streams;
        this.counters = counters;
    }

    /** Both ends have proved themselves: streams may take the connection. */
    final PeerLink begin(Id128 peer, DirectConnection connection) {
        PeerLink begun = streams.connected(peer, connection);
        link = begun;
        return begun;
    }

    /** Counts a refusal that nobody is told. */
    final void count(Event event) {
        counters.count(event);
    }

    @Override
    public final void message(Message message) {
        PeerLink on = link;
        if (on != null) {
            streams.received(on, message);
        }
    }

    @Override
    public final void malformed(String why) {
        LOG.debug("a direct connection is closed for what is no message: {}", why);
        counters.count(Event.MALFORMED_MESSAGE);
    }

    @Override
    public final void unread() {
        LOG.debug("a direct connection is closed, for the other end does not read what it is sent");
        counters.count(Event.DIRECT_UNREAD);
    }

    @Override
    public final void gone(String why) {
        PeerLink on = link;
        if (on == null) {
            goneUnproven(why);
        } else {
            streams.broken(on, why);
        }
    }

    /** The connection is gone and nothing was proved on it. */
    abstract void goneUnproven(String why);
}
