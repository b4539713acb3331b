package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.wire.Id128;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The ways to those with whom this process shares streams: one over the bus for each peer, and direct connections. Event loop only. */
final class Links {

    private final Carrier bus;
    private final Map<Id128, PeerLink> byPeer = new HashMap<>();
    private final Set<PeerLink> direct = new LinkedHashSet<>();

    Links(Carrier bus) {
        this.bus = bus;
    }

    /** The way over the bus. */
    PeerLink bus(Id128 peer) {
        return byPeer.computeIfAbsent(peer, p -> PeerLink.bus(p, bus.to(p)));
    }

    /** A direct connection that is there from now on. */
    PeerLink connected(Id128 peer, Carrier.Connection connection) {
        PeerLink link = PeerLink.direct(peer, connection);
        direct.add(link);
        return link;
    }

    /** Gives a direct connection up. Returns false when it was already. */
    boolean giveUp(PeerLink link) {
        direct.remove(link);
        return link.giveUp();
    }

    /** A stream that was on it is over. */
    void left(PeerLink link) {
        if (!link.isDirect() && link.ends.isEmpty()) {
            byPeer.remove(link.peer, link);
        }
    }

    boolean isEmpty() {
        return byPeer.isEmpty() && direct.isEmpty();
    }

    List<PeerLink> overBus() {
        return List.copyOf(byPeer.values());
    }

    List<PeerLink> direct() {
        return List.copyOf(direct);
    }
}
