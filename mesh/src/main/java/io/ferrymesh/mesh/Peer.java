package io.ferrymesh.mesh;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** Another process, known only by its private address. */
public interface Peer {

    PeerAddress address();

    /**
     * One request, one reply. Fails with a {@link MeshException}: the code the peer answered with, or UNAVAILABLE when it
     * did not answer in time.
     */
    Future<Buffer> request(Topic topic, Buffer payload);

    /**
     * Opens a stream of frames to the peer. Completes when the peer accepted and granted its first credit; fails with the
     * code it refused with, or UNAVAILABLE.
     *
     * @param hello what the peer decides by, at most {@link Limits#MAX_HELLO_BYTES}
     */
    Future<OutboundStream> open(Topic topic, Buffer hello);
}
