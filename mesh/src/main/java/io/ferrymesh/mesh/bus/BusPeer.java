package io.ferrymesh.mesh.bus;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.Limits;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.OutboundStream;
import io.ferrymesh.mesh.Peer;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.mesh.Topic;
import io.ferrymesh.mesh.stream.StreamHub;
import io.ferrymesh.mesh.wire.Id128;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** A peer by its address. Any thread. */
record BusPeer(PeerAddress address, Requests requests, StreamHub streams) implements Peer {

    @Override
    public Future<Buffer> request(Topic topic, Buffer payload) {
        return requests.ask(id(), topic.name(), payload);
    }

    @Override
    public Future<OutboundStream> open(Topic topic, Buffer hello) {
        if (hello.length() > Limits.MAX_HELLO_BYTES) {
            return Future.failedFuture(new MeshException(
                    ErrorCode.INVALID_MESSAGE, "a hello has at most " + Limits.MAX_HELLO_BYTES + " bytes"));
        }
        return streams.open(id(), topic, hello);
    }

    private Id128 id() {
        return Id128.parse(address.value().substring(PeerAddress.PREFIX.length()));
    }
}
