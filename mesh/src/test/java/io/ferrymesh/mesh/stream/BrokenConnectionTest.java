package io.ferrymesh.mesh.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.InboundStream;
import io.ferrymesh.mesh.MeshCounters.Carried;
import io.ferrymesh.mesh.MeshCounters.Event;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.OutboundStream;
import io.ferrymesh.mesh.Topic;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.ferrymesh.mesh.wire.Role;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams whose direct connection breaks, at every moment and noticed by whomever: nothing is lost, and nothing comes twice. */
class BrokenConnectionTest {

    private static final Topic LANE = new Topic("lane");

    private final TestNetwork network = new TestNetwork(3_000);
    private final TestNetwork.Node sender = network.join();
    private final TestNetwork.Node receiver = network.join();
    private final TestNetwork.Cable cable = network.new Cable(sender, receiver);
    private final List<InboundStream> inbound = new ArrayList<>();
    private final List<Integer> got = new ArrayList<>();
    private boolean granting = true;

    /** Who sees that the connection is gone. */
    enum Noticed {
        BY_BOTH,
        BY_SENDER,
        BY_RECEIVER,
        BY_NOBODY
    }

    @BeforeEach
    void listen() {
        receiver.hub.onStream(
                LANE,
                stream -> {
                    inbound.add(stream);
                    stream.frames(frame -> {
                        got.add(frame.getInt(0));
                        if (granting) {
                            stream.grant(frame.length());
                        }
                    });
                    return Future.succeededFuture(400L);
                },
                TestNetwork.OWNER);
    }

    private OutboundStream open() {
        Future<OutboundStream> opened = sender.hub.open(cable.one.link(), LANE, Buffer.buffer("hello"));
        network.settle();
        return opened.result();
    }

    private static Future<Void> write(OutboundStream stream, int number) {
        return stream.write(Buffer.buffer().appendInt(number));
    }

    private static List<Future<Void>> write(OutboundStream stream, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(number -> write(stream, number))
                .toList();
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private void breaks(Noticed noticed) {
        cable.cut();
        if (noticed == Noticed.BY_BOTH || noticed == Noticed.BY_SENDER) {
            cable.one.notice();
        }
        if (noticed == Noticed.BY_BOTH || noticed == Noticed.BY_RECEIVER) {
            cable.two.notice();
        }
        network.settle();
        network.pass(noticed == Noticed.BY_NOBODY ? 14 : 2);
    }

    private static ErrorCode code(Future<?> future) {
        assertThat(future.failed()).isTrue();
        return ((MeshException) future.cause()).code();
    }

    private Id128 streamId() {
        return network.received.stream()
                .filter(Message.Open.class::isInstance)
                .map(message -> ((Message.Open) message).stream())
                .findFirst()
                .orElseThrow();
    }

    private void completes(OutboundStream stream, int count) {
        Future<Void> ended = stream.end();
        network.settle();
        assertThat(ended.succeeded()).isTrue();
        assertThat(stream.closed().succeeded()).isTrue();
        assertThat(inbound).allMatch(end -> end.closed().succeeded());
        assertThat(got).isEqualTo(numbers(count));
        assertThat(sender.hub.streams() + receiver.hub.streams()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Noticed.class)
    void frames_under_way_are_sent_again_over_the_bus_and_the_rest_follows(Noticed noticed) {
        OutboundStream stream = open();
        write(stream, 0, 20).forEach(written -> assertThat(written.succeeded()).isTrue());
        network.steps(7);
        List<Future<Void>> written = write(stream, 20, 40);
        breaks(noticed);
        written.forEach(each -> assertThat(each.succeeded()).isTrue());
        write(stream, 40, 60).forEach(each -> assertThat(each.succeeded()).isTrue());
        completes(stream, 60);
        assertThat(sender.counters.get(Carried.FALLBACKS)).isEqualTo(1);
        assertThat(receiver.counters.get(Carried.FALLBACKS)).isEqualTo(1);
        assertThat(receiver.counters.get(Event.FRAME_OUT_OF_ORDER)).isZero();
        assertThat(sender.counters.get(Event.CREDIT_INVALID)).isZero();
    }

    @ParameterizedTest
    @EnumSource(Noticed.class)
    void the_end_and_its_confirmation_are_not_lost(Noticed noticed) {
        for (int delivered = 0; delivered < 6; delivered++) {
            BrokenConnectionTest fresh = new BrokenConnectionTest();
            fresh.listen();
            fresh.endsWhileItBreaksAfter(delivered, noticed);
        }
    }

    private void endsWhileItBreaksAfter(int delivered, Noticed noticed) {
        OutboundStream stream = open();
        List<Future<Void>> written = write(stream, 0, 3);
        Future<Void> ended = stream.end();
        network.steps(delivered);
        breaks(noticed);
        network.pass(14); // who has nothing left on it says nothing: the other end notices by itself
        assertThat(written).allMatch(Future::succeeded);
        assertThat(ended.succeeded()).as("after %d messages", delivered).isTrue();
        assertThat(got).isEqualTo(numbers(3));
        assertThat(inbound.get(0).closed().succeeded()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Noticed.class)
    void an_opening_that_nobody_heard_or_whose_answer_was_lost_is_made_good(Noticed noticed) {
        for (int delivered = 0; delivered < 2; delivered++) {
            BrokenConnectionTest fresh = new BrokenConnectionTest();
            fresh.listen();
            Future<OutboundStream> opened = fresh.sender.hub.open(fresh.cable.one.link(), LANE, Buffer.buffer());
            fresh.network.steps(delivered);
            if (noticed == Noticed.BY_NOBODY) {
                fresh.cable.cut();
                fresh.network.settle();
                fresh.cable.one.notice(); // before the time to open runs out
                fresh.network.settle();
            } else {
                fresh.breaks(noticed);
                fresh.cable.one.notice();
                fresh.network.settle();
            }
            assertThat(opened.succeeded()).as("after %d messages", delivered).isTrue();
            assertThat(fresh.inbound).hasSize(1);
            List<Future<Void>> written = write(opened.result(), 0, 10);
            fresh.network.settle();
            assertThat(written).allMatch(Future::succeeded);
            fresh.completes(opened.result(), 10);
        }
    }

    @ParameterizedTest
    @EnumSource(Noticed.class)
    void a_refusal_is_not_lost(Noticed noticed) {
        receiver.hub.onStream(
                new Topic("no"),
                stream -> Future.failedFuture(new MeshException(ErrorCode.REVOKED, "no")),
                TestNetwork.OWNER);
        Future<OutboundStream> opened = sender.hub.open(cable.one.link(), new Topic("no"), Buffer.buffer());
        network.steps(1);
        breaks(noticed == Noticed.BY_NOBODY ? Noticed.BY_SENDER : noticed);
        cable.one.notice();
        network.settle();
        assertThat(code(opened)).isEqualTo(ErrorCode.REVOKED);
    }

    @ParameterizedTest
    @EnumSource(Noticed.class)
    void a_cancel_of_either_end_is_not_lost(Noticed noticed) {
        OutboundStream one = open();
        OutboundStream two = open();
        one.cancel(ErrorCode.SOURCE_CHANGED);
        inbound.get(1).cancel(ErrorCode.DESTINATION_FULL);
        breaks(noticed);
        network.pass(14);
        assertThat(code(inbound.get(0).closed())).isEqualTo(ErrorCode.SOURCE_CHANGED);
        assertThat(code(two.closed())).isEqualTo(ErrorCode.DESTINATION_FULL);
        assertThat(sender.counters.get(Event.PEER_LOST) + receiver.counters.get(Event.PEER_LOST))
                .isZero();
    }

    @Test
    void credit_that_was_under_way_holds_after_the_move() {
        granting = false;
        OutboundStream stream = open();
        List<Future<Void>> written = write(stream, 0, 150);
        network.settle();
        assertThat(written.get(99).succeeded()).isTrue();
        assertThat(written.get(100).isComplete()).isFalse();
        inbound.get(0).grant(400);
        breaks(Noticed.BY_RECEIVER);
        assertThat(written).allMatch(Future::succeeded);
        completes(stream, 150);
    }

    @Test
    void what_comes_on_the_old_connection_after_the_move_is_not_taken() {
        OutboundStream stream = open();
        write(stream, 0, 3).forEach(written -> assertThat(written.succeeded()).isTrue());
        network.settle();
        cable.two.notice();
        network.settle();
        Message stale =
                new Message.Data(sender.id, streamId(), 3, Buffer.buffer().appendInt(99));
        receiver.hub.received(cable.two.link(), stale);
        receiver.hub.received(cable.two.link(), new Message.End(sender.id, streamId(), 3));
        assertThat(write(stream, 3).succeeded()).isTrue();
        network.settle();
        completes(stream, 4);
    }

    @Test
    void every_stream_of_the_connection_moves_in_both_directions_and_others_stay() {
        sender.hub.onStream(
                new Topic("back"),
                stream -> {
                    stream.frames(frame -> got.add(frame.getInt(0)));
                    inbound.add(stream);
                    return Future.succeededFuture(100L);
                },
                TestNetwork.OWNER);
        TestNetwork.Cable other = network.new Cable(sender, receiver);
        OutboundStream forth = open();
        Future<OutboundStream> opened = receiver.hub.open(cable.two.link(), new Topic("back"), Buffer.buffer());
        Future<OutboundStream> elsewhere = sender.hub.open(other.one.link(), LANE, Buffer.buffer());
        network.settle();
        Future<Void> there = write(forth, 0);
        Future<Void> back = write(opened.result(), 1);
        breaks(Noticed.BY_SENDER);
        assertThat(there.succeeded() && back.succeeded()).isTrue();
        assertThat(got).containsExactlyInAnyOrder(0, 1);
        assertThat(sender.counters.get(Carried.STREAMS_MOVED)).isEqualTo(2);
        assertThat(receiver.counters.get(Carried.STREAMS_MOVED)).isEqualTo(2);
        assertThat(inbound.get(2).direct()).isPresent();
        assertThat(write(elsewhere.result(), 2).succeeded()).isTrue();
        network.settle();
        assertThat(got).contains(2);
    }

    @Test
    void a_stream_opened_after_the_break_takes_the_bus() {
        breaks(Noticed.BY_BOTH);
        OutboundStream stream = open();
        assertThat(inbound.get(0).direct()).isEmpty();
        assertThat(write(stream, 0).succeeded()).isTrue();
        network.settle();
        completes(stream, 1);
        assertThat(sender.counters.get(Carried.FALLBACKS)).isZero();
    }

    @Test
    void a_peer_that_died_is_lost_and_not_waited_for() {
        OutboundStream stream = open();
        assertThat(write(stream, 0).succeeded()).isTrue();
        network.kill(receiver);
        network.slow = true;
        cable.cut();
        cable.one.notice();
        network.settle();
        assertThat(code(stream.closed())).isEqualTo(ErrorCode.PEER_LOST);
    }

    @Test
    void a_peer_that_does_not_move_with_it_is_lost_in_time() {
        OutboundStream stream = open();
        network.lost = message -> true;
        cable.one.notice();
        network.pass(14);
        assertThat(code(stream.closed())).isEqualTo(ErrorCode.PEER_LOST);
    }

    @Test
    void a_word_about_the_move_that_the_bus_loses_is_said_again() {
        OutboundStream stream = open();
        List<Future<Void>> written = write(stream, 0, 10);
        network.lost = Message.Moved.class::isInstance;
        cable.cut();
        cable.one.notice();
        cable.two.notice();
        network.settle();
        network.lost = message -> false;
        network.pass(2);
        assertThat(written).allMatch(Future::succeeded);
        completes(stream, 10);
    }

    @Test
    void a_forged_word_about_a_move_costs_the_connection_and_nothing_else() {
        OutboundStream stream = open();
        List<Future<Void>> written = write(stream, 0, 10);
        network.settle();
        receiver.receive(new Message.Moved(sender.id, streamId(), Role.OPENER, 10, 0));
        network.settle();
        assertThat(receiver.counters.get(Carried.FALLBACKS)).isEqualTo(1);
        assertThat(written).allMatch(Future::succeeded);
        completes(stream, 10);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 3, Long.MAX_VALUE})
    void a_place_to_go_on_from_that_cannot_be_is_refused(long received) {
        OutboundStream stream = open();
        List<Future<Void>> written = write(stream, 0, 10);
        network.settle();
        cable.cut();
        cable.one.notice(); // eight were reported as taken, and are not kept
        sender.receive(new Message.Moved(receiver.id, streamId(), Role.ACCEPTOR, 440, received));
        assertThat(sender.counters.get(Event.CREDIT_INVALID)).isEqualTo(1);
        network.settle();
        assertThat(written).allMatch(Future::succeeded);
        completes(stream, 10);
    }

    @Test
    void nobody_who_is_not_the_peer_can_move_a_stream_nor_anybody_one_of_the_bus() {
        OutboundStream stream = open();
        receiver.receive(new Message.Moved(new Id128(1, 2), streamId(), Role.OPENER, 0, 0));
        receiver.receive(
                new Message.Data(sender.id, streamId(), 0, Buffer.buffer().appendInt(66)));
        receiver.receive(new Message.Heartbeat(sender.id, List.of(new Message.Beat(streamId(), Role.OPENER, 5, 0))));
        assertThat(receiver.counters.get(Event.UNKNOWN_STREAM)).isEqualTo(2);
        assertThat(receiver.counters.get(Event.FRAME_OUT_OF_ORDER)).isEqualTo(1);
        network.received.clear();
        Future<OutboundStream> overBus = sender.hub.open(receiver.id, LANE, Buffer.buffer());
        network.settle();
        receiver.receive(new Message.Moved(sender.id, streamId(), Role.OPENER, 0, 0));
        assertThat(receiver.counters.get(Event.FRAME_OUT_OF_ORDER)).isEqualTo(2);
        assertThat(receiver.counters.get(Carried.FALLBACKS)).isZero();
        assertThat(overBus.result().closed().isComplete()).isFalse();
        completesBoth(stream, overBus.result());
    }

    private void completesBoth(OutboundStream one, OutboundStream two) {
        List<Future<Void>> ended = List.of(one.end(), two.end());
        network.settle();
        assertThat(ended).allMatch(Future::succeeded);
        assertThat(got).isEmpty();
    }

    @Test
    void a_connection_without_streams_is_closed_and_a_message_of_no_stream_refused() {
        receiver.hub.received(cable.two.link(), new Message.Request(sender.id, new Id128(1, 1), "t", Buffer.buffer()));
        assertThat(receiver.counters.get(Event.MALFORMED_MESSAGE)).isEqualTo(1);
        assertThat(receiver.hub.isBusy()).isTrue();
        network.pass(8);
        assertThat(sender.hub.isBusy() || receiver.hub.isBusy()).isFalse();
        assertThat(sender.counters.get(Carried.FALLBACKS)).isZero();
    }

    /** Writes, grants and ends at random, and the connection breaks at some moment that both, one or nobody sees. */
    @Test
    void at_whatever_moment_it_breaks_every_frame_arrives_once_and_in_order() {
        for (int seed = 0; seed < 2_000; seed++) {
            BrokenConnectionTest fresh = new BrokenConnectionTest();
            fresh.listen();
            fresh.runs(new Random(seed), seed);
        }
    }

    private void runs(Random random, int seed) {
        granting = random.nextInt(4) > 0;
        OutboundStream stream = open();
        int count = 1 + random.nextInt(90);
        int breaksAt = random.nextInt(count + 1);
        List<Future<Void>> written = new ArrayList<>();
        for (int number = 0; number <= count; number++) {
            if (number == breaksAt) {
                breaksWith(random);
            }
            if (number < count) {
                written.add(write(stream, number));
            }
            network.steps(random.nextInt(4));
        }
        Future<Void> ended = stream.end();
        network.steps(random.nextInt(8));
        if (random.nextBoolean()) {
            breaksWith(random);
        }
        network.settle();
        network.pass(26);
        assertThat(written).as("seed %d", seed).allMatch(Future::succeeded);
        assertThat(ended.succeeded()).as("seed %d", seed).isTrue();
        assertThat(inbound.get(0).closed().succeeded()).as("seed %d", seed).isTrue();
        assertThat(got).as("seed %d", seed).isEqualTo(numbers(count));
    }

    private void breaksWith(Random random) {
        if (random.nextInt(3) > 0) {
            cable.cut();
        }
        if (random.nextBoolean()) {
            cable.one.notice();
        }
        network.steps(random.nextInt(3));
        if (random.nextBoolean()) {
            cable.two.notice();
        }
    }
}
