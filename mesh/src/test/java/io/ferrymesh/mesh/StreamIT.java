package io.ferrymesh.mesh;

import static io.ferrymesh.mesh.TestCluster.await;
import static io.ferrymesh.mesh.TestCluster.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Streams between two members of a real cluster. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamIT {

    private static final int FRAME = 64 << 10;
    private final TestCluster cluster = new TestCluster();
    Mesh sender;
    Mesh receiver;

    @BeforeAll
    void start() {
        sender = join();
        receiver = join();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    /** One more member, with the carrier that is tested. */
    final Mesh join() {
        return cluster.join(this::options);
    }

    MeshOptions.Builder options(MeshOptions.Builder options) {
        return options;
    }

    int manyStreams() {
        return 1_000;
    }

    /** The other process, by the carrier that is tested. */
    Peer peer(Mesh from, Mesh to) {
        return from.peer(to.address());
    }

    /** Takes everything at once and grants it again. Completes with the stream's end. */
    private static Future<Void> takeAll(Mesh at, Topic topic, long window, List<Buffer> into) {
        Promise<Void> over = Promise.promise();
        at.onStream(topic, stream -> {
            stream.frames(frame -> {
                into.add(frame);
                stream.grant(frame.length());
            });
            stream.closed().onComplete(over);
            return Future.succeededFuture(window);
        });
        return over.future();
    }

    private static List<Buffer> randomFrames(int count) {
        Random random = new Random(1);
        List<Buffer> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 200_000 : 2_000)];
            random.nextBytes(bytes);
            frames.add(Buffer.buffer(bytes));
        }
        return frames;
    }

    private static void assertSame(List<Buffer> got, List<Buffer> sent) {
        assertThat(got).hasSameSizeAs(sent);
        for (int i = 0; i < sent.size(); i++) {
            assertThat(got.get(i).getBytes()).isEqualTo(sent.get(i).getBytes());
        }
    }

    @Test
    void many_frames_of_random_sizes_arrive_in_order_and_whole() {
        Topic topic = new Topic("order");
        List<Buffer> got = new ArrayList<>();
        Future<Void> over = takeAll(receiver, topic, 1L << 20, got);
        OutboundStream stream = await(peer(sender, receiver).open(topic, Buffer.buffer("hello")));
        List<Buffer> sent = randomFrames(3_000);
        Future<Void> last = Future.succeededFuture();
        for (int i = 0; i < sent.size(); i++) {
            last = stream.write(sent.get(i));
            if (i % 200 == 0) {
                await(last);
            }
        }
        await(last);
        await(stream.end());
        await(over);
        await(stream.closed());
        assertSame(got, sent);
    }

    @Test
    void a_stream_to_this_very_process_works_as_well() {
        Topic topic = new Topic("self");
        List<Buffer> got = new ArrayList<>();
        Future<Void> over = takeAll(sender, topic, 1L << 20, got);
        OutboundStream stream = await(peer(sender, sender).open(topic, Buffer.buffer()));
        List<Buffer> sent = randomFrames(100);
        sent.forEach(frame -> await(stream.write(frame)));
        await(stream.end());
        await(over);
        assertSame(got, sent);
    }

    @Test
    void what_the_opener_says_and_who_it_is_reach_the_handler() {
        Topic topic = new Topic("hello");
        Promise<String> hello = Promise.promise();
        receiver.onStream(topic, stream -> {
            hello.complete(stream.from().value() + " " + stream.hello());
            return Future.failedFuture(new MeshException(ErrorCode.QUOTA_EXCEEDED, "not today"));
        });
        Future<OutboundStream> opened = peer(sender, receiver).open(topic, Buffer.buffer("it's me"));
        assertThat(failure(opened)).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(await(hello.future())).isEqualTo(sender.address().value() + " it's me");
    }

    @Test
    void a_hello_too_large_is_refused_before_it_is_sent() {
        Buffer large = Buffer.buffer(new byte[Limits.MAX_HELLO_BYTES + 1]);
        assertThat(failure(peer(sender, receiver).open(new Topic("large"), large)))
                .isEqualTo(ErrorCode.INVALID_MESSAGE);
    }

    @Test
    void a_slow_receiver_bounds_what_the_sender_holds() {
        Topic topic = new Topic("slow");
        AtomicLong receivedBytes = new AtomicLong();
        Promise<InboundStream> accepted = Promise.promise();
        receiver.onStream(topic, stream -> {
            stream.frames(frame -> receivedBytes.addAndGet(frame.length()));
            accepted.complete(stream);
            return Future.succeededFuture(4L * FRAME);
        });
        OutboundStream stream = await(peer(sender, receiver).open(topic, Buffer.buffer()));
        List<Future<Void>> written = new ArrayList<>();
        for (int i = 0; i < 4 + Limits.MAX_PENDING_WRITES; i++) {
            written.add(stream.write(Buffer.buffer(new byte[FRAME])));
        }
        assertThat(failure(stream.write(Buffer.buffer(new byte[FRAME])))).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(written.stream().filter(Future::isComplete)).hasSize(4);
        InboundStream slow = await(accepted.future());
        slow.grant(2L * FRAME);
        await(written.get(5));
        assertThat(written.stream().filter(Future::isComplete)).hasSize(6);
        slow.cancel(ErrorCode.DESTINATION_FULL);
        assertThat(failure(stream.closed())).isEqualTo(ErrorCode.DESTINATION_FULL);
        assertThat(receivedBytes.get()).isLessThanOrEqualTo(6L * FRAME);
        written.stream().skip(6).forEach(write -> assertThat(failure(write)).isEqualTo(ErrorCode.DESTINATION_FULL));
    }

    @Test
    void many_streams_run_at_once() {
        Topic topic = new Topic("thousand");
        AtomicLong bytes = new AtomicLong();
        receiver.onStream(topic, stream -> {
            stream.frames(frame -> {
                bytes.addAndGet(frame.length());
                stream.grant(frame.length());
            });
            return Future.succeededFuture(2_000L);
        });
        Peer peer = peer(sender, receiver);
        List<Future<OutboundStream>> opened = new ArrayList<>();
        for (int i = 0; i < manyStreams(); i++) {
            opened.add(peer.open(topic, Buffer.buffer()));
        }
        List<OutboundStream> streams = opened.stream().map(TestCluster::await).toList();
        List<Future<Void>> ended = new ArrayList<>();
        for (OutboundStream stream : streams) {
            for (int i = 0; i < 10; i++) {
                ended.add(stream.write(Buffer.buffer(new byte[1_000])));
            }
            ended.add(stream.end());
        }
        await(Future.all(ended).<Void>mapEmpty());
        assertThat(bytes.get()).isEqualTo(10_000L * manyStreams());
    }

    @Test
    void handlers_and_futures_run_where_they_were_asked_for() {
        Topic topic = new Topic("context");
        Context there = receiver.vertx().getOrCreateContext();
        Promise<Context> frameRanOn = Promise.promise();
        Promise<Void> registered = Promise.promise();
        there.runOnContext(v -> {
            receiver.onStream(topic, stream -> {
                stream.frames(frame -> frameRanOn.tryComplete(Vertx.currentContext()));
                return Future.succeededFuture(100L);
            });
            registered.complete();
        });
        await(registered.future());
        Context here = sender.vertx().getOrCreateContext();
        Promise<Context> openedOn = Promise.promise();
        Peer receiving = peer(sender, receiver);
        here.runOnContext(v -> receiving
                .open(topic, Buffer.buffer())
                .compose(stream -> stream.write(Buffer.buffer("x")))
                .onComplete(done -> openedOn.complete(Vertx.currentContext())));
        assertThat(await(openedOn.future())).isEqualTo(here);
        assertThat(await(frameRanOn.future())).isEqualTo(there);
    }

    @Test
    void a_process_that_leaves_is_lost_to_its_peers() {
        Topic topic = new Topic("leaving");
        Mesh leaving = join();
        Promise<InboundStream> accepted = Promise.promise();
        leaving.onStream(topic, stream -> {
            stream.frames(frame -> {});
            accepted.complete(stream);
            return Future.succeededFuture(100L);
        });
        OutboundStream stream = await(peer(sender, leaving).open(topic, Buffer.buffer()));
        Promise<Void> there = Promise.promise();
        await(accepted.future()).closed().onComplete(there);
        await(leaving.close());
        assertThat(failure(stream.closed())).isEqualTo(ErrorCode.PEER_LOST);
        assertThat(failure(there.future())).isEqualTo(ErrorCode.CANCELLED);
        assertThat(failure(peer(leaving, sender).open(topic, Buffer.buffer()))).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure(peer(sender, leaving).open(topic, Buffer.buffer()))).isEqualTo(ErrorCode.UNAVAILABLE);
    }
}
