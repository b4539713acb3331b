package io.ferrymesh.mesh.direct;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.Limits;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.OutboundStream;
import io.ferrymesh.mesh.Peer;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.mesh.Topic;
import io.ferrymesh.mesh.stream.PeerLink;
import io.ferrymesh.mesh.stream.StreamHub;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** A peer whose streams take a direct connection; requests take the bus. Any thread. */
record DirectPeer(Peer overBus, PeerLink link, StreamHub streams) implements Peer {

    @Override
    public PeerAddress address() {
        return overBus.address();
    }

    @Override
    public Future<Buffer> request(Topic topic, Buffer payload) {
        return overBus.request(topic, payload);
    }

    @Override
    public Future<OutboundStream> open(Topic topic, Buffer hello) {
        if (hello.length() > Limits.MAX_HELLO_BYTES) {
            return Future.failedFuture(new MeshException(
                    ErrorCode.INVALID_MESSAGE, "a hello has at most " + Limits.MAX_HELLO_BYTES + " bytes"));
        }
        return streams.open(link, topic, hello);
    }
}
