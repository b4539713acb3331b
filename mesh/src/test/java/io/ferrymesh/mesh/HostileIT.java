package io.ferrymesh.mesh;

import static io.ferrymesh.mesh.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.serialization.SerializationService;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.spi.impl.SerializationServiceSupport;
import io.ferrymesh.mesh.MeshCounters.Event;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.ferrymesh.mesh.wire.Role;
import io.ferrymesh.mesh.wire.WireFormat;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A member of the cluster that sends what it should not, while an honest stream runs. */
class HostileIT {

    private static final TestCluster CLUSTER = new TestCluster();
    private static final Topic LANE = new Topic("lane");
    private static final DeliveryOptions RAW = new DeliveryOptions().setCodecName("ferrymesh");

    private static Mesh sender;
    private static Mesh receiver;
    private static EventBus hostile;

    @BeforeAll
    static void start() {
        sender = CLUSTER.join();
        receiver = CLUSTER.join();
        hostile = CLUSTER.join().vertx().eventBus();
        hostile.unregisterCodec("ferrymesh").registerCodec(new RawCodec()).serializableChecker(name -> true);
    }

    @AfterAll
    static void stop() {
        CLUSTER.close();
    }

    private static Buffer bytes(Message message) {
        Buffer buffer = Buffer.buffer();
        WireFormat.encode(message, buffer);
        return buffer;
    }

    private static void attack(Mesh victim, Message message) {
        hostile.send(victim.address().value(), bytes(message), RAW);
    }

    private static void attack(Mesh victim, Buffer bytes) {
        hostile.send(victim.address().value(), bytes, RAW);
    }

    private static Id128 id(Mesh mesh) {
        return Id128.parse(mesh.address().value().substring(PeerAddress.PREFIX.length()));
    }

    /** Completes when the victim has counted everything that was sent to it before. */
    private static Future<Void> counted(Mesh victim, Event event, long count) {
        return victim.counters().get(event) >= count
                ? Future.succeededFuture()
                : victim.vertx().timer(20).compose(t -> counted(victim, event, count));
    }

    @Test
    void hostile_frames_change_nothing_but_counters_while_a_stream_runs() {
        List<Message> overheard = new CopyOnWriteArrayList<>();
        sender.vertx().eventBus().<Message>addOutboundInterceptor(delivery -> {
            if (delivery.body() instanceof Message message) {
                overheard.add(message);
            }
            delivery.next();
        });
        List<Buffer> got = new ArrayList<>();
        Promise<Void> over = Promise.promise();
        receiver.onStream(LANE, stream -> {
            stream.frames(frame -> {
                got.add(frame);
                stream.grant(frame.length());
            });
            stream.closed().onComplete(over);
            return Future.succeededFuture(100_000L);
        });
        OutboundStream stream = await(sender.peer(receiver.address()).open(LANE, Buffer.buffer()));
        List<Buffer> sent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sent.add(Buffer.buffer("frame " + i));
            await(stream.write(sent.get(i)));
        }
        Message.OfStream open = (Message.OfStream) overheard.get(0);
        attackReceiver(open.stream(), overheard);
        attackSender(open.stream());
        for (int i = 100; i < 200; i++) {
            sent.add(Buffer.buffer("frame " + i));
            await(stream.write(sent.get(i)));
        }
        await(stream.end());
        await(over.future());
        assertThat(got)
                .extracting(Buffer::toString)
                .isEqualTo(sent.stream().map(Buffer::toString).toList());
    }

    /** Even one that overheard the stream's id and sends in its opener's name. */
    private static void attackReceiver(Id128 stream, List<Message> overheard) {
        Id128 from = id(sender);
        List<Message> replay = List.copyOf(overheard);
        replay.forEach(message -> attack(receiver, message));
        attack(receiver, new Message.Data(from, stream, 1_000_000, Buffer.buffer("gap")));
        attack(receiver, new Message.Data(from, Id128.parse("0".repeat(32)), 0, Buffer.buffer("no such stream")));
        attack(receiver, new Message.Data(id(receiver), stream, 100, Buffer.buffer("another's name")));
        attack(receiver, new Message.Data(from, stream, 100, Buffer.buffer(new byte[200_000])));
        attack(receiver, new Message.Cancel(id(receiver), stream, Role.OPENER, ErrorCode.CANCELLED));
        attack(receiver, new Message.End(from, stream, 7));
        Buffer version = bytes(new Message.Ended(from, stream)).setByte(0, (byte) 2);
        Buffer huge =
                bytes(new Message.Data(from, stream, 100, Buffer.buffer("x"))).setInt(42, Integer.MAX_VALUE);
        Buffer oversized = bytes(new Message.Data(from, stream, 100, Buffer.buffer(new byte[2 << 20])));
        long malformed = receiver.counters().get(Event.MALFORMED_MESSAGE);
        List.of(version, huge, oversized, Buffer.buffer("garbage"), Buffer.buffer())
                .forEach(bytes -> attack(receiver, bytes));
        String to = receiver.address().value();
        hostile.send(to, "a string")
                .send(to, new JsonObject().put("a", "json"))
                .send(to, new byte[10])
                .send(to, new File("java object"));
        hostile.send(to, null);
        await(counted(receiver, Event.MALFORMED_MESSAGE, malformed + 10));
        assertThat(receiver.counters().get(Event.MALFORMED_MESSAGE)).isEqualTo(malformed + 10);
        assertThat(receiver.counters().get(Event.CREDIT_OVERRUN)).isEqualTo(1);
        assertThat(receiver.counters().get(Event.UNKNOWN_STREAM)).isEqualTo(3);
        assertThat(receiver.counters().get(Event.STREAM_REFUSED)).isEqualTo(1);
        assertThat(receiver.counters().get(Event.FRAME_OUT_OF_ORDER)).isEqualTo(102);
    }

    private static void attackSender(Id128 stream) {
        Id128 from = id(receiver);
        Buffer negative = bytes(new Message.Credit(from, stream, 1, 1)).setLong(34, -1);
        attack(sender, negative);
        attack(sender, new Message.Credit(from, stream, Long.MAX_VALUE, 0));
        attack(sender, new Message.Credit(from, stream, 1, 0));
        attack(sender, new Message.Credit(id(sender), stream, 1_000_000, 0));
        attack(sender, new Message.Ended(from, stream));
        attack(sender, new Message.Reply(from, stream, Buffer.buffer("to no request")));
        await(counted(sender, Event.UNKNOWN_REPLY, 1));
        assertThat(sender.counters().get(Event.MALFORMED_MESSAGE)).isEqualTo(1);
        assertThat(sender.counters().get(Event.CREDIT_INVALID)).isEqualTo(2);
        assertThat(sender.counters().get(Event.UNKNOWN_STREAM)).isEqualTo(1);
        assertThat(sender.counters().get(Event.FRAME_OUT_OF_ORDER)).isEqualTo(1);
    }

    @Test
    void java_objects_of_other_classes_are_not_read_from_cluster_maps() {
        List<HazelcastInstance> members = members();
        members.get(0).getMap("planted").put("key", new File("planted"));
        for (HazelcastInstance member : members) {
            assertThatThrownBy(() -> member.getMap("planted").get("key"))
                    .isInstanceOf(HazelcastSerializationException.class)
                    .hasRootCauseInstanceOf(SecurityException.class);
        }
    }

    @Test
    void the_exceptions_that_hazelcast_sends_between_members_are_read() {
        SerializationService serialization =
                ((SerializationServiceSupport) members().get(0)).getSerializationService();
        Throwable failure = new ExecutionException(new IllegalStateException("why"));
        failure.addSuppressed(new java.io.IOException("and"));
        for (Throwable sent : List.of(failure, new com.hazelcast.core.HazelcastException("x", failure))) {
            Throwable read = serialization.toObject(serialization.toData(sent));
            assertThat(read).hasSameClassAs(sent).hasMessage(sent.getMessage());
            assertThat(read.getStackTrace()).isNotEmpty();
        }
    }

    private static List<HazelcastInstance> members() {
        return Hazelcast.getAllHazelcastInstances().stream()
                .filter(member -> member.getConfig().getClusterName().equals(CLUSTER.name()))
                .toList();
    }
}
