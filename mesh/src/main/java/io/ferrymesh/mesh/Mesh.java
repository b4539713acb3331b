package io.ferrymesh.mesh;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;

/**
 * One process's place on the clustered bus. Safe to call from any thread; handlers run on the Vert.x context from which
 * they were registered. Futures complete on the caller's Vert.x context. Where there is none, both happen on the mesh's own
 * event loop, which must not be blocked.
 */
public interface Mesh {

    Vertx vertx();

    /** This process's private address: the one consumer through which all its requests and streams arrive. */
    PeerAddress address();

    /** A peer by its private address. Says nothing about whether it is there. */
    Peer peer(PeerAddress address);

    /** Answers requests that arrive at the private address under {@code topic}. One handler a topic. */
    void onRequest(Topic topic, RequestHandler handler);

    /** Decides over streams that peers open under {@code topic}. One handler a topic. */
    void onStream(Topic topic, StreamHandler handler);

    /** Joins the processes that answer for {@code service}; each request goes to one of them. */
    Future<Void> serve(ServiceName service, RequestHandler handler);

    /** Asks one of the processes that answer for {@code service}. Fails with UNAVAILABLE when there is none. */
    Future<Buffer> call(ServiceName service, Buffer payload);

    /**
     * Hands {@code payload} to every process that has subscribed, this one too if it has. Best effort: whether it arrived
     * is never known, and nothing orders it against requests. IllegalArgumentException beyond
     * {@link Limits#MAX_REQUEST_BYTES}.
     */
    void publish(Channel channel, Buffer payload);

    /**
     * Takes what any member of the cluster publishes on {@code channel}, from now on and until the mesh closes. The payload
     * is shared with other subscribers of this process and must not be changed. What a handler does not keep up with is
     * dropped and counted.
     */
    Future<Void> subscribe(Channel channel, Handler<Buffer> handler);

    /** Where sources wait for destinations. */
    RendezvousDirectory rendezvous();

    /** Connections of their own to peers, beside the bus. */
    default DirectLinks direct() {
        return DirectLinks.NONE;
    }

    /** How many processes the cluster has, this one included, as this one sees it now; 1 without a cluster. Never blocks. */
    default int members() {
        return 1;
    }

    /** Counters of what arrived and was refused, and of which carrier streams take. */
    MeshCounters counters();

    /** Ends every stream with PEER_LOST at the other end, leaves the cluster and closes Vert.x. */
    Future<Void> close();
}
