package io.ferrymesh.mesh;

import static io.ferrymesh.mesh.TestCluster.await;
import static io.ferrymesh.mesh.TestCluster.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.MeshCounters.Carried;
import io.ferrymesh.mesh.MeshCounters.Event;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Direct connections between two members of a real cluster: who is let in, and what happens when one breaks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DirectIT {

    private final TestCluster cluster = new TestCluster();
    private final AtomicLong numbers = new AtomicLong();
    private CuttableProxy proxy;
    private Mesh sender;
    private Mesh receiver;
    private int port;

    @BeforeAll
    void start() throws IOException {
        proxy = new CuttableProxy();
        port = freePort();
        sender = cluster.join(
                options -> quick(options).direct(DirectOptions.parse(Optional.empty(), Optional.empty(), true)));
        receiver = cluster.join(options -> quick(options)
                .direct(DirectOptions.parse(
                        Optional.of("127.0.0.1:" + port), Optional.of("127.0.0.1:" + proxy.port()), false)));
        proxy.leadTo(port);
    }

    private static MeshOptions.Builder quick(MeshOptions.Builder options) {
        return options.heartbeatIntervalMs(500).peerTimeoutMs(2_000);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @AfterAll
    void stop() throws IOException {
        cluster.close();
        proxy.close();
    }

    private DirectSession session() {
        return new DirectSession("%032x".formatted(numbers.incrementAndGet()));
    }

    private Peer connect() {
        DirectSession session = session();
        DirectOffer offer = receiver.direct().offer().orElseThrow();
        Future<Peer> expected = receiver.direct().expect(offer, session, sender.address());
        Peer peer = await(sender.direct().dial(offer, session, receiver.address()));
        assertThat(await(expected).address()).isEqualTo(sender.address());
        return peer;
    }

    /** Completes when it has become so many. */
    private Future<Void> reaches(LongSupplier count, long wanted) {
        return count.getAsLong() >= wanted
                ? Future.succeededFuture()
                : sender.vertx().timer(20).compose(t -> reaches(count, wanted));
    }

    private Topic takeAll(List<Buffer> into, Promise<Void> over) {
        Topic topic = new Topic("take-" + numbers.incrementAndGet());
        receiver.onStream(topic, stream -> {
            stream.frames(frame -> {
                into.add(frame);
                stream.grant(frame.length());
            });
            stream.closed().onComplete(over);
            return Future.succeededFuture(1L << 20);
        });
        return topic;
    }

    private static Buffer frame(Random random) {
        byte[] bytes = new byte[1 + random.nextInt(60_000)];
        random.nextBytes(bytes);
        return Buffer.buffer(bytes);
    }

    private static List<Buffer> write(OutboundStream stream, int count, Random random) {
        List<Buffer> sent = new ArrayList<>();
        Future<Void> last = Future.succeededFuture();
        for (int i = 0; i < count; i++) {
            Buffer frame = frame(random);
            sent.add(frame.copy());
            last = stream.write(frame);
            if (i % 50 == 0) {
                await(last);
            }
        }
        await(last);
        return sent;
    }

    private static void assertSame(List<Buffer> got, List<Buffer> sent) {
        assertThat(got).hasSameSizeAs(sent);
        for (int i = 0; i < sent.size(); i++) {
            assertThat(got.get(i).getBytes()).isEqualTo(sent.get(i).getBytes());
        }
    }

    @Test
    void every_frame_arrives_once_wherever_the_connection_is_cut() {
        for (int seed = 0; seed < 12; seed++) {
            Random random = new Random(seed);
            long before = receiver.counters().get(Carried.FALLBACKS);
            List<Buffer> got = new ArrayList<>();
            Promise<Void> over = Promise.promise();
            Topic topic = takeAll(got, over);
            OutboundStream stream = await(connect().open(topic, Buffer.buffer()));
            proxy.cutAfter(1 + random.nextInt(5_000_000));
            List<Buffer> sent = write(stream, 300, random);
            await(stream.end());
            await(over.future());
            proxy.mend();
            assertSame(got, sent);
            assertThat(receiver.counters().get(Carried.FALLBACKS))
                    .as("seed %d", seed)
                    .isEqualTo(before + 1);
        }
        assertThat(sender.counters().get(Event.PEER_LOST)).isZero();
        assertThat(receiver.counters().get(Event.FRAME_OUT_OF_ORDER)).isZero();
    }

    @Test
    void a_connection_that_stands_still_is_left_for_the_bus() {
        List<Buffer> got = new ArrayList<>();
        Promise<Void> over = Promise.promise();
        Topic topic = takeAll(got, over);
        OutboundStream stream = await(connect().open(topic, Buffer.buffer()));
        proxy.freezeAfter(1_000_000);
        List<Buffer> sent = write(stream, 200, new Random(5));
        await(stream.end());
        await(over.future());
        proxy.mend();
        assertSame(got, sent);
    }

    @Test
    void a_place_that_leads_nowhere_is_unavailable() throws IOException {
        DirectOffer nowhere = new DirectOffer(new Endpoint("127.0.0.1", freePort()), new byte[32]);
        assertThat(failure(sender.direct().dial(nowhere, session(), receiver.address())))
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(sender.counters().get(Carried.DIALS_FAILED)).isPositive();
    }

    @Test
    void a_place_where_nobody_answers_or_proves_anything_is_unavailable() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            DirectOffer offer = new DirectOffer(new Endpoint("127.0.0.1", silent.getLocalPort()), new byte[32]);
            Future<Peer> dialled = sender.direct().dial(offer, session(), receiver.address());
            assertThat(failure(dialled)).isEqualTo(ErrorCode.UNAVAILABLE);
            Future<Peer> again = sender.direct().dial(offer, session(), receiver.address());
            try (Socket first = silent.accept();
                    Socket second = silent.accept()) {
                second.getOutputStream().write(new byte[32]);
                assertThat(failure(again)).isEqualTo(ErrorCode.UNAVAILABLE);
                assertThat(first.isClosed()).isFalse();
            }
        }
    }

    /** The peer chose the place and the session: what it can know beforehand is only that these are other octets each time. */
    @Test
    void what_is_said_at_a_place_is_not_the_choice_of_who_named_it() throws IOException {
        try (ServerSocket place = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            DirectOffer offer = new DirectOffer(new Endpoint("127.0.0.1", place.getLocalPort()), new byte[32]);
            DirectSession chosen = new DirectSession("0d0a464c555348414c4c0d0a31323334");
            List<byte[]> said = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Future<Peer> dialled = sender.direct().dial(offer, chosen, receiver.address());
                try (Socket accepted = place.accept()) {
                    accepted.setSoTimeout(20_000);
                    said.add(accepted.getInputStream().readNBytes(84));
                }
                assertThat(failure(dialled)).isEqualTo(ErrorCode.UNAVAILABLE);
            }
            assertThat(said).allSatisfy(octets -> assertThat(HexFormat.of().formatHex(octets))
                    .doesNotContain("0d0a464c555348")
                    .hasSize(2 * 84));
            assertThat(Arrays.copyOfRange(said.get(0), 4, 20)).isNotEqualTo(Arrays.copyOfRange(said.get(1), 4, 20));
            assertThat(Arrays.copyOfRange(said.get(0), 20, 36)).isNotEqualTo(Arrays.copyOfRange(said.get(1), 20, 36));
        }
    }

    @Test
    void a_process_that_leaves_waits_for_nobody() throws IOException {
        Mesh leaving = cluster.join(options ->
                quick(options).direct(DirectOptions.parse(Optional.of("127.0.0.1:0"), Optional.empty(), false)));
        Future<Peer> expected =
                leaving.direct().expect(leaving.direct().offer().orElseThrow(), session(), sender.address());
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            DirectOffer offer = new DirectOffer(new Endpoint("127.0.0.1", silent.getLocalPort()), new byte[32]);
            Future<Peer> dialled = leaving.direct().dial(offer, session(), receiver.address());
            await(leaving.close());
            assertThat(failure(expected)).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(failure(dialled)).isEqualTo(ErrorCode.UNAVAILABLE);
        }
    }

    @Test
    void a_token_lets_in_one_peer_once_and_only_with_it() {
        DirectSession session = session();
        DirectOffer offer = receiver.direct().offer().orElseThrow();
        DirectOffer wrong = new DirectOffer(offer.place(), new byte[32]);
        long before = receiver.counters().get(Event.DIRECT_UNPROVEN);
        assertThat(failure(sender.direct().dial(offer, session, receiver.address())))
                .isEqualTo(ErrorCode.UNAVAILABLE);
        Future<Peer> expected = receiver.direct().expect(offer, session, sender.address());
        assertThat(failure(sender.direct().dial(wrong, session, receiver.address())))
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure(sender.direct().dial(offer, session(), receiver.address())))
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(expected.isComplete()).isFalse();
        assertThat(await(sender.direct().dial(offer, session, receiver.address()))
                        .address())
                .isEqualTo(receiver.address());
        assertThat(await(expected).address()).isEqualTo(sender.address());
        assertThat(failure(sender.direct().dial(offer, session, receiver.address())))
                .isEqualTo(ErrorCode.UNAVAILABLE);
        await(reaches(() -> receiver.counters().get(Event.DIRECT_UNPROVEN), before + 4));
    }

    @Test
    void who_was_withdrawn_is_not_let_in() {
        DirectSession session = session();
        DirectOffer offer = receiver.direct().offer().orElseThrow();
        Future<Peer> expected = receiver.direct().expect(offer, session, sender.address());
        receiver.direct().withdraw(session);
        assertThat(failure(expected)).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure(sender.direct().dial(offer, session, receiver.address())))
                .isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void garbage_and_silence_are_closed_without_a_word() throws IOException {
        long unproven = receiver.counters().get(Event.DIRECT_UNPROVEN);
        long late = receiver.counters().get(Event.DIRECT_LATE);
        try (Socket garbage = new Socket(InetAddress.getLoopbackAddress(), port);
                Socket zeros = new Socket(InetAddress.getLoopbackAddress(), port);
                Socket slow = new Socket(InetAddress.getLoopbackAddress(), port)) {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            garbage.getOutputStream()
                    .write(
                            "GET / HTTP/1.1\r\nHost: example.org\r\nAccept: */*\r\n\r\n123456789012345678901234567890123456"
                                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            zeros.getOutputStream().write(new byte[84]);
            slow.getOutputStream().write('F');
            for (Socket each : List.of(garbage, zeros, slow)) {
                each.setSoTimeout(20_000);
                assertThat(readOrReset(each)).isEqualTo(-1);
            }
        }
        await(reaches(() -> receiver.counters().get(Event.DIRECT_UNPROVEN), unproven + 3));
        assertThat(receiver.counters().get(Event.DIRECT_LATE)).isEqualTo(late + 1);
    }

    private static int readOrReset(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (java.net.SocketException reset) {
            return -1;
        }
    }

    @Test
    void connections_that_prove_nothing_are_bounded_and_others_still_come_later() throws IOException {
        long before = receiver.counters().get(Event.DIRECT_TOO_MANY);
        List<Socket> held = new ArrayList<>();
        try {
            for (int i = 0; i < 80; i++) {
                held.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            await(reaches(() -> receiver.counters().get(Event.DIRECT_TOO_MANY), before + 1));
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
        await(sender.vertx().timer(100));
        List<Buffer> got = new ArrayList<>();
        Promise<Void> over = Promise.promise();
        OutboundStream stream = await(connect().open(takeAll(got, over), Buffer.buffer()));
        await(stream.end());
        await(over.future());
    }

    @Test
    void a_process_that_does_not_listen_offers_nothing_and_one_that_is_off_does_not_connect() {
        assertThat(sender.direct().offer()).isEmpty();
        Mesh off = cluster.join();
        DirectOffer offer = receiver.direct().offer().orElseThrow();
        assertThat(off.direct().dials()).isFalse();
        assertThat(failure(off.direct().dial(offer, session(), receiver.address())))
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure(off.direct().expect(offer, session(), receiver.address())))
                .isEqualTo(ErrorCode.UNAVAILABLE);
    }
}
