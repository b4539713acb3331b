package io.ferrymesh.mesh;

import static io.ferrymesh.mesh.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.mesh.MeshCounters.Event;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.ferrymesh.mesh.wire.WireFormat;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Publications in a real cluster of three members, one of which sends what it should not. */
class ChannelIT {

    private static final TestCluster CLUSTER = new TestCluster();
    private static final DeliveryOptions RAW = new DeliveryOptions().setCodecName("ferrymesh");
    private static final Id128 STRANGER = new Id128(6, 7);

    private static Mesh one;
    private static Mesh two;
    private static EventBus hostile;

    @BeforeAll
    static void start() {
        one = CLUSTER.join();
        two = CLUSTER.join();
        hostile = CLUSTER.join().vertx().eventBus();
        hostile.unregisterCodec("ferrymesh").registerCodec(new RawCodec());
    }

    @AfterAll
    static void stop() {
        CLUSTER.close();
    }

    /** What a member hears on a channel, and when it has heard something for the first time. */
    private static final class Ear {

        final List<String> heard = new CopyOnWriteArrayList<>();
        final Promise<Void> end = Promise.promise();

        void hear(Buffer payload) {
            heard.add(payload.toString());
            if (payload.toString().equals("end")) {
                end.complete();
            }
        }
    }

    private static Ear listen(Mesh mesh, Channel channel) {
        Ear ear = new Ear();
        await(mesh.subscribe(channel, ear::hear));
        return ear;
    }

    private static void attack(String address, Buffer bytes) {
        hostile.send(address, bytes, RAW);
    }

    private static Buffer bytes(Message message) {
        Buffer buffer = Buffer.buffer();
        WireFormat.encode(message, buffer);
        return buffer;
    }

    private static Future<Void> counted(Mesh mesh, Event event, long count) {
        return mesh.counters().get(event) >= count
                ? Future.succeededFuture()
                : mesh.vertx().timer(20).compose(t -> counted(mesh, event, count));
    }

    @Test
    void what_is_published_reaches_every_subscriber_of_that_channel_and_nobody_else() {
        Channel channel = new Channel("news");
        Ear first = listen(one, channel);
        Ear second = listen(two, channel);
        Ear other = listen(two, new Channel("other"));
        one.publish(channel, Buffer.buffer("a"));
        one.publish(channel, Buffer.buffer("end"));
        await(first.end.future());
        await(second.end.future());
        assertThat(first.heard).containsExactly("a", "end");
        assertThat(second.heard).containsExactly("a", "end");
        assertThat(other.heard).isEmpty();
    }

    @Test
    void the_largest_publication_fits_and_a_larger_one_is_refused() {
        Channel channel = new Channel("size");
        Promise<Integer> size = Promise.promise();
        await(two.subscribe(channel, payload -> size.complete(payload.length())));
        Buffer largest = Buffer.buffer(new byte[Limits.MAX_REQUEST_BYTES]);
        assertThatThrownBy(() -> one.publish(channel, largest.copy().appendByte((byte) 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1048576");
        one.publish(channel, largest);
        assertThat(await(size.future())).isEqualTo(largest.length());
    }

    @Test
    void to_publish_what_nobody_hears_is_no_error() {
        one.publish(new Channel("silence"), Buffer.buffer("anybody?"));
        Ear ear = listen(two, new Channel("no-silence"));
        one.publish(new Channel("no-silence"), Buffer.buffer("end"));
        await(ear.end.future());
        assertThat(ear.heard).containsExactly("end");
    }

    @Test
    void what_is_no_publication_of_the_channel_is_dropped_and_counted() {
        Channel channel = new Channel("hostile");
        String address = "ferrymesh.channel.hostile";
        Ear ear = listen(two, channel);
        long before = two.counters().get(Event.MALFORMED_MESSAGE);
        Buffer lawful = bytes(new Message.Publication(STRANGER, "hostile", Buffer.buffer("lawful")));
        attack(address, lawful.slice(0, lawful.length() - 1));
        attack(address, lawful.copy().appendByte((byte) 0));
        attack(address, bytes(new Message.Publication(STRANGER, "another", Buffer.buffer("x"))));
        attack(address, bytes(new Message.Request(STRANGER, STRANGER, "hostile", Buffer.buffer("x"))));
        attack(address, bytes(new Message.Publication(STRANGER, "hostile", Buffer.buffer(new byte[(1 << 20) + 1]))));
        hostile.send(address, "no codec of ours");
        attack(two.address().value(), lawful);
        await(counted(two, Event.MALFORMED_MESSAGE, before + 7));
        attack(address, lawful);
        one.publish(channel, Buffer.buffer("end"));
        await(ear.end.future());
        assertThat(ear.heard).isSubsetOf("lawful", "end");
        assertThat(two.counters().get(Event.MALFORMED_MESSAGE)).isEqualTo(before + 7);
    }

    @Test
    void a_handler_runs_on_the_context_that_subscribed_and_misses_what_it_does_not_keep_up_with() throws Exception {
        Channel channel = new Channel("slow");
        Context context = ((VertxInternal) two.vertx()).createWorkerContext(); // it may block
        CountDownLatch blocked = new CountDownLatch(1);
        Promise<Context> ranOn = Promise.promise();
        List<String> heard = new CopyOnWriteArrayList<>();
        Promise<Void> subscribed = Promise.promise();
        context.runOnContext(v -> two.subscribe(channel, payload -> {
                    heard.add(payload.toString());
                    boolean first = ranOn.tryComplete(Vertx.currentContext());
                    if (first) {
                        uninterruptibly(blocked);
                    }
                })
                .onComplete(subscribed));
        await(subscribed.future());
        long before = two.counters().get(Event.PUBLICATION_DROPPED);
        one.publish(channel, Buffer.buffer("first"));
        assertThat(((ContextInternal) await(ranOn.future())).unwrap()).isSameAs(((ContextInternal) context).unwrap());
        for (int i = 0; i < Limits.MAX_PENDING_PUBLICATIONS + 5; i++) {
            one.publish(channel, Buffer.buffer("more"));
        }
        await(counted(two, Event.PUBLICATION_DROPPED, before + 5));
        blocked.countDown();
        assertThat(two.counters().get(Event.PUBLICATION_DROPPED)).isEqualTo(before + 5);
        Promise<Void> drained = Promise.promise();
        context.runOnContext(v -> drained.complete());
        await(drained.future());
        assertThat(heard).hasSize(1 + Limits.MAX_PENDING_PUBLICATIONS);
    }

    private static void uninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
