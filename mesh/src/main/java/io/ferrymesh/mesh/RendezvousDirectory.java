package io.ferrymesh.mesh;

import io.vertx.core.Future;
import java.time.Duration;

/**
 * A cluster-wide map from a rendezvous to the private address of the process that waits there. It has one copy of each entry besides
 * the first: when members die close together, entries are lost.
 */
public interface RendezvousDirectory {

    /** Enters or renews; gone after {@code timeToLive}. One map entry, no consumer. */
    Future<Void> enter(RendezvousKey key, PeerAddress waiting, Duration timeToLive);

    /** The same, unless there is an entry: that may be of a process that has taken over since. */
    Future<Void> enterIfLost(RendezvousKey key, PeerAddress waiting, Duration timeToLive);

    /** Runs {@code task}, on any thread, whenever entries may have been lost: members went away, or a divided cluster came together. */
    void onLoss(Runnable task);

    /** Fails with GRANT_UNKNOWN when nobody waits there. */
    Future<PeerAddress> resolve(RendezvousKey key);

    /** Removes the entry if it is there and leads to {@code waited}: another process may have entered itself meanwhile. */
    Future<Void> leave(RendezvousKey key, PeerAddress waited);
}
