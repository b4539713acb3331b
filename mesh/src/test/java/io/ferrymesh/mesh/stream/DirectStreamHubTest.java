package io.ferrymesh.mesh.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.OutboundStream;
import io.ferrymesh.mesh.Topic;
import io.ferrymesh.mesh.wire.Message;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The suite of all streams, on direct connections that hold. */
class DirectStreamHubTest extends StreamHubTest {

    private TestNetwork.Cable cable;

    @BeforeEach
    void connect() {
        cable = network.new Cable(sender, receiver);
    }

    @Override
    Future<OutboundStream> opening(Topic topic) {
        return sender.hub.open(cable.one.link(), topic, Buffer.buffer("hello"));
    }

    @Override
    void deliver(Message message, TestNetwork.Node node) {
        node.hub.received((node == sender ? cable.one : cable.two).link(), message);
    }

    /** First the connection is given up, then the peer. */
    @Override
    int secondsUntilLost() {
        return 26;
    }

    @Override
    long unsentBytes() {
        return PeerLink.MAX_UNSENT_DIRECT_BYTES;
    }

    @Override
    int manyStreams() {
        return PeerLink.MAX_DIRECT_STREAMS;
    }

    /** A connection needs the clock too, until it was seen to be of no use. */
    @Test
    @Override
    void a_process_without_streams_needs_no_clock() {
        network.pass(8);
        assertThat(sender.hub.isBusy()).isFalse();
        assertThat(receiver.hub.isBusy()).isFalse();
    }
}
