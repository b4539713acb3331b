package io.ferrymesh.mesh.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.Limits;
import io.ferrymesh.mesh.OutboundStream;
import io.ferrymesh.mesh.Topic;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much a sending end keeps for a receiver on a direct connection, whatever that says. */
class UnconfirmedTest {

    private static final Topic LANE = new Topic("lane");
    private static final Buffer LARGEST = Buffer.buffer(new byte[Limits.MAX_FRAME_BYTES]);
    private static final int KEPT = (int) (Unconfirmed.MAX_BYTES / Limits.MAX_FRAME_BYTES);

    private final TestNetwork network = new TestNetwork(10);
    private final TestNetwork.Node sender = network.join();
    private final TestNetwork.Node receiver = network.join();
    private final TestNetwork.Cable cable = network.new Cable(sender, receiver);
    private int taken;

    @BeforeEach
    void listen() {
        receiver.hub.onStream(
                LANE,
                stream -> {
                    stream.frames(frame -> {
                        if (taken++ == 0) {
                            stream.grant(1); // reports the first frame, so that the next report is as late as can be
                        }
                    });
                    return Future.succeededFuture(Limits.MAX_WINDOW_BYTES);
                },
                TestNetwork.OWNER);
    }

    private OutboundStream open() {
        Future<OutboundStream> opened = sender.hub.open(cable.one.link(), LANE, Buffer.buffer());
        network.settle();
        return opened.result();
    }

    private static List<Future<Void>> write(OutboundStream stream, int count) {
        List<Future<Void>> written = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            written.add(stream.write(LARGEST));
        }
        return written;
    }

    private void credit(long limit, long framesTaken) {
        Id128 stream = network.received.stream()
                .filter(Message.Open.class::isInstance)
                .map(message -> ((Message.Open) message).stream())
                .findFirst()
                .orElseThrow();
        sender.hub.received(cable.one.link(), new Message.Credit(receiver.id, stream, limit, framesTaken));
        network.settle();
    }

    private static long sent(List<Future<Void>> written) {
        return written.stream().filter(Future::succeeded).count();
    }

    @Test
    void a_receiver_that_grants_for_ever_and_takes_nothing_is_sent_no_more_than_is_kept() {
        OutboundStream stream = open();
        network.lost = message -> true;
        List<Future<Void>> written = write(stream, 100);
        for (int i = 1; i <= 100; i++) {
            credit(Limits.MAX_WINDOW_BYTES + i, 0);
        }
        assertThat(sent(written)).isEqualTo(KEPT);
        credit(Limits.MAX_WINDOW_BYTES + 101, 10);
        assertThat(sent(written)).isEqualTo(KEPT + 10);
    }

    @Test
    void a_receiver_that_reports_as_late_as_it_may_is_not_kept_waiting() {
        OutboundStream stream = open();
        List<Future<Void>> written = write(stream, 60);
        network.settle();
        assertThat(sent(written)).isEqualTo(60);
        assertThat(taken).isEqualTo(60);
    }
}
