package io.ferrymesh.mesh.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.InboundStream;
import io.ferrymesh.mesh.Limits;
import io.ferrymesh.mesh.MeshCounters.Event;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.OutboundStream;
import io.ferrymesh.mesh.Topic;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.ferrymesh.mesh.wire.Role;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both ends of streams over a network in memory, with a clock that moves when told to. */
class StreamHubTest {

    private static final Topic LANE = new Topic("lane");

    final TestNetwork network = new TestNetwork(3_000);
    final TestNetwork.Node sender = network.join();
    final TestNetwork.Node receiver = network.join();
    private final List<InboundStream> inbound = new ArrayList<>();
    private final List<Buffer> frames = new ArrayList<>();

    @BeforeEach
    void listen() {
        receiver.hub.onStream(
                LANE,
                stream -> {
                    inbound.add(stream);
                    stream.frames(frames::add);
                    return Future.succeededFuture(100L);
                },
                TestNetwork.OWNER);
    }

    /** Asks the receiver for a stream, on the carrier that is tested. */
    Future<OutboundStream> opening(Topic topic) {
        return sender.hub.open(receiver.id, topic, Buffer.buffer("hello"));
    }

    /** Has something arrive on the carrier that is tested. */
    void deliver(Message message, TestNetwork.Node node) {
        node.receive(message);
    }

    /** How long it takes until a peer that has become silent is lost, at most. */
    int secondsUntilLost() {
        return 14;
    }

    /** What may wait to leave. */
    long unsentBytes() {
        return PeerLink.MAX_UNSENT_BYTES;
    }

    /** As many streams as there may be, or a good number. */
    int manyStreams() {
        return 2_500;
    }

    OutboundStream open() {
        Future<OutboundStream> opened = opening(LANE);
        network.settle();
        return opened.result();
    }

    private static ErrorCode code(Future<?> future) {
        assertThat(future.failed()).isTrue();
        return ((MeshException) future.cause()).code();
    }

    private static Buffer frame(int bytes) {
        return Buffer.buffer(new byte[bytes]);
    }

    private Id128 streamId() {
        return network.received.stream()
                .filter(Message.Open.class::isInstance)
                .map(message -> ((Message.Open) message).stream())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void frames_beyond_the_credit_wait_until_it_is_granted() {
        OutboundStream stream = open();
        Future<Void> first = stream.write(frame(100));
        Future<Void> second = stream.write(frame(1));
        network.settle();
        assertThat(first.succeeded()).isTrue();
        assertThat(second.isComplete()).isFalse();
        inbound.get(0).grant(1);
        network.settle();
        assertThat(second.succeeded()).isTrue();
        assertThat(frames).hasSize(2);
    }

    @Test
    void an_end_follows_the_frames_that_wait_and_both_ends_learn_of_it() {
        OutboundStream stream = open();
        Future<Void> written = stream.write(frame(100)).compose(v -> stream.write(frame(100)));
        Future<Void> ended = stream.end();
        network.settle();
        assertThat(ended.isComplete()).isFalse();
        assertThat(code(stream.write(frame(1)))).isEqualTo(ErrorCode.INVALID_MESSAGE);
        inbound.get(0).grant(100);
        network.settle();
        assertThat(written.succeeded()).isTrue();
        assertThat(ended.succeeded()).isTrue();
        assertThat(stream.closed().succeeded()).isTrue();
        assertThat(inbound.get(0).closed().succeeded()).isTrue();
        assertThat(sender.hub.streams() + receiver.hub.streams()).isZero();
    }

    @Test
    void a_second_end_after_the_end_completes_as_the_first_did() {
        OutboundStream stream = open();
        Future<Void> first = stream.end();
        network.settle();
        assertThat(first.succeeded()).isTrue();
        assertThat(stream.end().succeeded()).isTrue();
    }

    @Test
    void more_waiting_frames_than_the_bound_are_refused() {
        OutboundStream stream = open();
        assertThat(stream.write(frame(100)).succeeded()).isTrue();
        List<Future<Void>> waiting = new ArrayList<>();
        for (int i = 0; i < Limits.MAX_PENDING_WRITES; i++) {
            waiting.add(stream.write(frame(1)));
        }
        assertThat(code(stream.write(frame(1)))).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(waiting).noneMatch(Future::isComplete);
        stream.cancel(ErrorCode.CANCELLED);
        assertThat(waiting).allMatch(Future::failed);
    }

    @Test
    void frames_of_a_size_out_of_bounds_are_refused() {
        OutboundStream stream = open();
        assertThat(code(stream.write(frame(0)))).isEqualTo(ErrorCode.INVALID_MESSAGE);
        assertThat(code(stream.write(frame(Limits.MAX_FRAME_BYTES + 1)))).isEqualTo(ErrorCode.INVALID_MESSAGE);
    }

    @Test
    void a_cancel_at_either_end_reaches_the_other_with_its_code() {
        OutboundStream one = open();
        one.cancel(ErrorCode.SOURCE_CHANGED);
        network.settle();
        assertThat(code(one.closed())).isEqualTo(ErrorCode.SOURCE_CHANGED);
        assertThat(code(inbound.get(0).closed())).isEqualTo(ErrorCode.SOURCE_CHANGED);
        OutboundStream other = open();
        inbound.get(1).cancel(ErrorCode.DESTINATION_FULL);
        network.settle();
        assertThat(code(other.closed())).isEqualTo(ErrorCode.DESTINATION_FULL);
        assertThat(code(other.write(frame(1)))).isEqualTo(ErrorCode.DESTINATION_FULL);
        assertThat(code(inbound.get(1).closed())).isEqualTo(ErrorCode.DESTINATION_FULL);
    }

    @Test
    void nothing_is_taken_after_a_cancel() {
        OutboundStream stream = open();
        Future<Void> written = stream.write(frame(1));
        inbound.get(0).cancel(ErrorCode.CANCELLED);
        network.settle();
        assertThat(written.succeeded()).isTrue();
        assertThat(frames).isEmpty();
    }

    @Test
    void an_unknown_topic_is_counted_and_unavailable() {
        Future<OutboundStream> opened = opening(new Topic("other"));
        network.settle();
        assertThat(code(opened)).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(receiver.counters.get(Event.UNKNOWN_TOPIC)).isEqualTo(1);
    }

    @Test
    void a_handler_that_throws_or_takes_no_frames_refuses_with_internal() {
        receiver.hub.onStream(
                new Topic("throws"),
                stream -> {
                    throw new IllegalStateException("a defect");
                },
                TestNetwork.OWNER);
        receiver.hub.onStream(new Topic("deaf"), stream -> Future.succeededFuture(1L), TestNetwork.OWNER);
        Future<OutboundStream> throwing = opening(new Topic("throws"));
        Future<OutboundStream> deaf = opening(new Topic("deaf"));
        network.settle();
        assertThat(code(throwing)).isEqualTo(ErrorCode.INTERNAL);
        assertThat(code(deaf)).isEqualTo(ErrorCode.INTERNAL);
        assertThat(receiver.hub.streams()).isZero();
    }

    @Test
    void a_frames_handler_that_throws_cancels_its_stream_only() {
        receiver.hub.onStream(
                new Topic("throws"),
                stream -> {
                    stream.frames(frame -> {
                        throw new IllegalStateException("a defect");
                    });
                    return Future.succeededFuture(100L);
                },
                TestNetwork.OWNER);
        OutboundStream good = open();
        Future<OutboundStream> opened = opening(new Topic("throws"));
        network.settle();
        Future<Void> written = opened.result().write(frame(1));
        network.settle();
        assertThat(written.succeeded()).isTrue();
        assertThat(code(opened.result().closed())).isEqualTo(ErrorCode.INTERNAL);
        assertThat(good.closed().isComplete()).isFalse();
    }

    @Test
    void a_stream_too_many_is_refused_as_overloaded_at_either_end() {
        TestNetwork small = new TestNetwork(1);
        TestNetwork.Node one = small.join();
        TestNetwork.Node two = small.join();
        TestNetwork.Node three = small.join();
        for (TestNetwork.Node node : List.of(two, three)) {
            node.hub.onStream(
                    LANE,
                    stream -> {
                        stream.frames(frames::add);
                        return Future.succeededFuture(1L);
                    },
                    TestNetwork.OWNER);
        }
        Future<OutboundStream> first = one.hub.open(two.id, LANE, Buffer.buffer());
        assertThat(code(one.hub.open(three.id, LANE, Buffer.buffer()))).isEqualTo(ErrorCode.OVERLOADED);
        Future<OutboundStream> second = three.hub.open(two.id, LANE, Buffer.buffer());
        small.settle();
        assertThat(first.succeeded()).isTrue();
        assertThat(code(second)).isEqualTo(ErrorCode.OVERLOADED);
    }

    @Test
    void a_silent_peer_is_lost_at_both_kinds_of_ends() {
        OutboundStream stream = open();
        network.lost = message -> true;
        network.pass(8);
        assertThat(stream.closed().isComplete()).isFalse();
        network.pass(secondsUntilLost() - 8);
        assertThat(code(stream.closed())).isEqualTo(ErrorCode.PEER_LOST);
        assertThat(code(inbound.get(0).closed())).isEqualTo(ErrorCode.PEER_LOST);
        assertThat(sender.counters.get(Event.PEER_LOST)).isEqualTo(1);
        assertThat(receiver.counters.get(Event.PEER_LOST)).isEqualTo(1);
    }

    @Test
    void heartbeats_keep_idle_streams_alive_in_batches() {
        List<OutboundStream> streams = new ArrayList<>();
        for (int i = 0; i < manyStreams(); i++) {
            streams.add(open());
        }
        network.received.clear();
        network.pass(2);
        assertThat(network.received)
                .hasSize(2 * ((manyStreams() + 999) / 1_000))
                .allMatch(Message.Heartbeat.class::isInstance);
        network.pass(60);
        assertThat(streams).noneMatch(stream -> stream.closed().isComplete());
    }

    @Test
    void a_peer_that_cannot_be_reached_is_lost_at_the_next_beat() {
        OutboundStream stream = open();
        network.kill(receiver);
        network.slow = true;
        network.pass(2);
        assertThat(code(stream.closed())).isEqualTo(ErrorCode.PEER_LOST);
    }

    @Test
    void a_stream_to_nobody_is_unavailable() {
        network.slow = true;
        Future<OutboundStream> opened = sender.hub.open(new Id128(1, 2), LANE, Buffer.buffer());
        network.settle();
        assertThat(code(opened)).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(sender.counters.get(Event.PEER_LOST)).isZero();
    }

    @Test
    void a_peer_that_does_not_decide_in_time_is_unavailable_and_told_so() {
        Promise<Long> never = Promise.promise();
        List<InboundStream> asked = new ArrayList<>();
        receiver.hub.onStream(
                new Topic("slow"),
                stream -> {
                    asked.add(stream);
                    stream.frames(frames::add);
                    return never.future();
                },
                TestNetwork.OWNER);
        Future<OutboundStream> opened = opening(new Topic("slow"));
        network.pass(14);
        assertThat(code(opened)).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(code(asked.get(0).closed())).isEqualTo(ErrorCode.UNAVAILABLE);
        never.complete(100L);
        network.settle();
        assertThat(receiver.hub.streams()).isZero();
    }

    @Test
    void a_process_that_stood_still_does_not_blame_its_peers() {
        OutboundStream stream = open();
        network.sleep(60);
        network.pass(6);
        assertThat(stream.closed().isComplete()).isFalse();
    }

    @Test
    void a_lost_frame_is_noticed_by_the_next_heartbeat() {
        OutboundStream stream = open();
        network.lost = message -> message instanceof Message.Data data && data.sequence() == 0;
        Future<Void> written = stream.write(frame(1)).compose(v -> stream.write(frame(1)));
        network.settle();
        assertThat(written.succeeded()).isTrue();
        assertThat(frames).isEmpty();
        assertThat(receiver.counters.get(Event.FRAME_OUT_OF_ORDER)).isEqualTo(1);
        network.pass(2);
        assertThat(code(stream.closed())).isEqualTo(ErrorCode.PEER_LOST);
        assertThat(code(inbound.get(0).closed())).isEqualTo(ErrorCode.PEER_LOST);
    }

    @Test
    void a_lost_end_is_made_good_by_the_next_heartbeat() {
        OutboundStream stream = open();
        Future<Void> written = stream.write(frame(1));
        network.lost = Message.End.class::isInstance;
        Future<Void> ended = stream.end();
        network.settle();
        assertThat(written.succeeded()).isTrue();
        network.lost = message -> false;
        network.pass(2);
        assertThat(ended.succeeded()).isTrue();
        assertThat(inbound.get(0).closed().succeeded()).isTrue();
        assertThat(sender.hub.streams() + receiver.hub.streams()).isZero();
    }

    @Test
    void an_end_that_comes_twice_is_nothing_wrong() {
        OutboundStream stream = open();
        network.lost = Message.Ended.class::isInstance;
        Future<Void> ended = stream.end();
        network.settle();
        network.pass(2);
        assertThat(receiver.counters.get(Event.FRAME_OUT_OF_ORDER)).isZero();
        network.pass(secondsUntilLost());
        assertThat(code(ended)).isEqualTo(ErrorCode.PEER_LOST);
        assertThat(inbound.get(0).closed().succeeded()).isTrue();
        assertThat(sender.hub.streams() + receiver.hub.streams()).isZero();
    }

    @Test
    void a_lost_credit_is_made_good_by_the_next_heartbeat() {
        OutboundStream stream = open();
        network.lost = Message.Credit.class::isInstance;
        Future<Void> written = stream.write(frame(100)).compose(v -> stream.write(frame(50)));
        inbound.get(0).grant(50);
        network.settle();
        assertThat(written.isComplete()).isFalse();
        network.pass(2);
        assertThat(written.succeeded()).isTrue();
        assertThat(frames).hasSize(2);
    }

    @Test
    void many_small_frames_flow_though_their_number_is_bounded() {
        OutboundStream stream = open();
        inbound.get(0).grant(Limits.MAX_WINDOW_BYTES);
        network.settle();
        int count = 3 * Limits.MAX_FRAMES_IN_FLIGHT;
        for (int i = 0; i < count; i++) {
            Future<Void> written = stream.write(frame(1));
            if (!written.isComplete()) {
                network.settle();
            }
            assertThat(written.succeeded()).isTrue();
        }
        network.settle();
        assertThat(frames).hasSize(count);
    }

    @Test
    void what_waits_to_leave_is_bounded_whatever_the_credit_and_shared_fairly() {
        List<OutboundStream> streams = List.of(open(), open());
        inbound.forEach(stream -> stream.grant(Limits.MAX_WINDOW_BYTES));
        network.settle();
        network.slow = true;
        List<Future<Void>> written = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            for (OutboundStream stream : streams) {
                written.add(stream.write(frame(Limits.MAX_FRAME_BYTES)));
            }
        }
        assertThat(network.bytesUnderWay()).isEqualTo(unsentBytes());
        assertThat(written.stream().filter(Future::isComplete)).hasSize((int) (unsentBytes() / Limits.MAX_FRAME_BYTES));
        List<Future<Void>> ended = streams.stream().map(OutboundStream::end).toList();
        network.settle();
        assertThat(frames).hasSize(80);
        assertThat(written).allMatch(Future::succeeded);
        assertThat(ended).allMatch(Future::succeeded);
        List<Id128> order = network.received.stream()
                .filter(Message.Data.class::isInstance)
                .map(message -> ((Message.Data) message).stream())
                .toList();
        for (int i = 4; i < 76; i += 2) {
            assertThat(order.get(i)).isNotEqualTo(order.get(i + 1));
        }
    }

    @Test
    void forged_replayed_and_premature_frames_change_nothing_but_counters() {
        OutboundStream stream = open();
        Future<Void> written = stream.write(frame(10));
        network.settle();
        assertThat(written.succeeded()).isTrue();
        Id128 id = streamId();
        Id128 stranger = new Id128(1, 2);
        List<Message> hostile = List.of(
                new Message.Data(stranger, id, 1, frame(1)),
                new Message.Data(sender.id, new Id128(3, 4), 0, frame(1)),
                new Message.Data(sender.id, id, 0, frame(10)),
                new Message.Data(sender.id, id, 5, frame(1)),
                new Message.Data(sender.id, id, 1, frame(91)),
                new Message.End(sender.id, id, 9),
                new Message.End(stranger, id, 1),
                new Message.Cancel(stranger, id, Role.OPENER, ErrorCode.CANCELLED),
                new Message.Open(sender.id, id, "lane", Buffer.buffer()),
                new Message.Heartbeat(stranger, List.of(new Message.Beat(id, Role.OPENER, 99, 0))));
        hostile.forEach(message -> deliver(message, receiver));
        assertThat(receiver.counters.get(Event.UNKNOWN_STREAM)).isEqualTo(5);
        assertThat(receiver.counters.get(Event.FRAME_OUT_OF_ORDER)).isEqualTo(3);
        assertThat(receiver.counters.get(Event.CREDIT_OVERRUN)).isEqualTo(1);
        assertThat(receiver.counters.get(Event.STREAM_REFUSED)).isEqualTo(1);
        List<Message> hostileToSender = List.of(
                new Message.Credit(stranger, id, 1_000, 0),
                new Message.Credit(receiver.id, id, 100, 0),
                new Message.Credit(receiver.id, id, 50, 0),
                new Message.Credit(receiver.id, id, Long.MAX_VALUE, 0),
                new Message.Accept(receiver.id, id, 1_000),
                new Message.Refuse(receiver.id, id, ErrorCode.REVOKED),
                new Message.Ended(receiver.id, id),
                new Message.Cancel(receiver.id, id, Role.OPENER, ErrorCode.CANCELLED));
        hostileToSender.forEach(message -> deliver(message, sender));
        assertThat(sender.counters.get(Event.UNKNOWN_STREAM)).isEqualTo(2);
        assertThat(sender.counters.get(Event.CREDIT_INVALID)).isEqualTo(3);
        assertThat(sender.counters.get(Event.FRAME_OUT_OF_ORDER)).isEqualTo(3);
        Future<Void> rest = stream.write(frame(90));
        Future<Void> ended = stream.end();
        network.settle();
        assertThat(rest.succeeded()).isTrue();
        assertThat(ended.succeeded()).isTrue();
        assertThat(frames).hasSize(2);
    }

    @Test
    void leaving_ends_every_stream_as_cancelled_here_and_lost_there() {
        OutboundStream stream = open();
        assertThat(receiver.hub.close().succeeded()).isTrue();
        network.settle();
        assertThat(code(stream.closed())).isEqualTo(ErrorCode.PEER_LOST);
        assertThat(code(inbound.get(0).closed())).isEqualTo(ErrorCode.CANCELLED);
        Future<OutboundStream> late = sender.hub.open(receiver.id, LANE, Buffer.buffer());
        network.settle();
        assertThat(code(late)).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(code(receiver.hub.open(sender.id, LANE, Buffer.buffer()))).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void a_process_without_streams_needs_no_clock() {
        assertThat(sender.hub.isBusy()).isFalse();
        OutboundStream stream = open();
        assertThat(sender.wakeUps).isEqualTo(1);
        assertThat(sender.hub.isBusy()).isTrue();
        Future<Void> ended = stream.end();
        network.settle();
        assertThat(ended.succeeded()).isTrue();
        assertThat(sender.hub.isBusy()).isFalse();
        assertThat(receiver.hub.isBusy()).isFalse();
    }
}
