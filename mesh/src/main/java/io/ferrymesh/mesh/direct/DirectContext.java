package io.ferrymesh.mesh.direct;

import io.ferrymesh.mesh.MeshCounters;
import io.ferrymesh.mesh.MeshOptions;
import io.ferrymesh.mesh.Peer;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.mesh.stream.PeerLink;
import io.ferrymesh.mesh.stream.StreamHub;
import io.ferrymesh.mesh.wire.Id128;
import io.vertx.core.internal.ContextInternal;
import java.security.SecureRandom;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * What direct connections work with and do not own.
 *
 * @param context the event loop that owns all state of the mesh
 * @param loop runs a task there, at once when already there
 * @param peers a peer over the bus
 */
public record DirectContext(
        Id128 self,
        ContextInternal context,
        Executor loop,
        StreamHub streams,
        Function<PeerAddress, Peer> peers,
        MeshCounters counters,
        SecureRandom random,
        MeshOptions options) {

    Peer peer(Id128 id, PeerLink link) {
        return new DirectPeer(peers.apply(new PeerAddress(PeerAddress.PREFIX + id)), link, streams);
    }

    static Id128 id(PeerAddress address) {
        return Id128.parse(address.value().substring(PeerAddress.PREFIX.length()));
    }

    /** Runs on the event loop later; the id cancels it. */
    long later(long ms, Runnable task) {
        return context.setTimer(ms, timer -> task.run());
    }

    void cancel(long timer) {
        boolean unused = context.owner().cancelTimer(timer);
    }
}
