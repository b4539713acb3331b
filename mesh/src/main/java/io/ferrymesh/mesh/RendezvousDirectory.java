package io.ferrymesh.mesh;

import io.vertx.core.Future;
import java.time.Duration;

/** A cluster-wide map from a rendezvous to the private address of the process that waits there. */
public interface RendezvousDirectory {

    /** Enters or renews; gone after {@code timeToLive}. One map entry, no consumer. */
    Future<Void> enter(RendezvousKey key, PeerAddress waiting, Duration timeToLive);

    /** Fails with GRANT_UNKNOWN when nobody waits there. */
    Future<PeerAddress> resolve(RendezvousKey key);

    /** Removes the entry if it is there and leads to {@code waited}: another process may have entered itself meanwhile. */
    Future<Void> leave(RendezvousKey key, PeerAddress waited);
}
