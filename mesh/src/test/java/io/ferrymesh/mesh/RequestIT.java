package io.ferrymesh.mesh;

import static io.ferrymesh.mesh.TestCluster.await;
import static io.ferrymesh.mesh.TestCluster.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests, services, the rendezvous directory and what listens, with two members of a real cluster. */
class RequestIT {

    private static final TestCluster CLUSTER = new TestCluster();
    private static final Buffer HELLO = Buffer.buffer("hello");
    private static Mesh one;
    private static Mesh two;

    @BeforeAll
    static void start() {
        one = CLUSTER.join(options -> options.requestTimeoutMs(2_000));
        two = CLUSTER.join();
    }

    @AfterAll
    static void stop() {
        CLUSTER.close();
    }

    private static Peer peerTwo() {
        return one.peer(two.address());
    }

    @Test
    void a_request_reaches_the_peer_and_its_reply_comes_back() {
        two.onRequest(
                new Topic("echo"),
                (from, payload) ->
                        Future.succeededFuture(Buffer.buffer(from.value() + " ").appendBuffer(payload)));
        assertThat(await(peerTwo().request(new Topic("echo"), HELLO)))
                .hasToString(one.address().value() + " hello");
    }

    @Test
    void the_largest_request_and_reply_fit_and_larger_ones_do_not() {
        two.onRequest(new Topic("size"), (from, payload) -> Future.succeededFuture(payload));
        two.onRequest(
                new Topic("too-large"),
                (from, payload) -> Future.succeededFuture(Buffer.buffer(new byte[Limits.MAX_REQUEST_BYTES + 1])));
        Buffer largest = Buffer.buffer(new byte[Limits.MAX_REQUEST_BYTES]);
        assertThat(await(peerTwo().request(new Topic("size"), largest)).length())
                .isEqualTo(largest.length());
        assertThat(failure(peerTwo().request(new Topic("size"), largest.copy().appendByte((byte) 0))))
                .isEqualTo(ErrorCode.INVALID_MESSAGE);
        assertThat(failure(peerTwo().request(new Topic("too-large"), HELLO))).isEqualTo(ErrorCode.INTERNAL);
    }

    @Test
    void a_refusal_arrives_as_its_code_and_a_defect_as_internal() {
        two.onRequest(
                new Topic("refuses"),
                (from, payload) -> Future.failedFuture(new MeshException(ErrorCode.NOT_ENROLLED, "nobody knows you")));
        two.onRequest(new Topic("fails"), (from, payload) -> Future.failedFuture(new IOException("secret detail")));
        two.onRequest(new Topic("throws"), (from, payload) -> {
            throw new IllegalStateException("a defect");
        });
        assertThat(failure(peerTwo().request(new Topic("refuses"), HELLO))).isEqualTo(ErrorCode.NOT_ENROLLED);
        assertThat(failure(peerTwo().request(new Topic("throws"), HELLO))).isEqualTo(ErrorCode.INTERNAL);
        assertThatThrownBy(() -> await(peerTwo().request(new Topic("fails"), HELLO)))
                .isInstanceOf(MeshException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void a_topic_that_nobody_answers_is_unavailable_and_counted_there() {
        long before = two.counters().get(MeshCounters.Event.UNKNOWN_TOPIC);
        assertThat(failure(peerTwo().request(new Topic("nobody"), HELLO))).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(two.counters().get(MeshCounters.Event.UNKNOWN_TOPIC)).isEqualTo(before + 1);
    }

    @Test
    void an_address_where_nobody_is_is_unavailable() {
        PeerAddress nobody = new PeerAddress(PeerAddress.PREFIX + "0".repeat(32));
        assertThat(failure(one.peer(nobody).request(new Topic("echo"), HELLO))).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void a_reply_that_does_not_come_in_time_is_unavailable_and_too_late_is_counted() {
        Promise<Buffer> late = Promise.promise();
        two.onRequest(new Topic("late"), (from, payload) -> late.future());
        two.onRequest(new Topic("after"), (from, payload) -> Future.succeededFuture(payload));
        assertThat(failure(peerTwo().request(new Topic("late"), HELLO))).isEqualTo(ErrorCode.UNAVAILABLE);
        long before = one.counters().get(MeshCounters.Event.UNKNOWN_REPLY);
        late.complete(HELLO);
        assertThat(await(peerTwo().request(new Topic("after"), HELLO))).hasToString("hello");
        assertThat(one.counters().get(MeshCounters.Event.UNKNOWN_REPLY)).isEqualTo(before + 1);
    }

    @Test
    void a_second_handler_of_a_topic_or_service_is_refused() {
        RequestHandler handler = (from, payload) -> Future.succeededFuture(payload);
        two.onRequest(new Topic("twice"), handler);
        assertThatThrownBy(() -> two.onRequest(new Topic("twice"), handler)).isInstanceOf(IllegalStateException.class);
        await(two.serve(new ServiceName("twice"), handler));
        assertThatThrownBy(() -> await(two.serve(new ServiceName("twice"), handler)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_service_without_a_process_is_unavailable() {
        assertThat(failure(one.call(new ServiceName("none"), HELLO))).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void the_processes_of_a_service_take_turns() {
        ServiceName service = new ServiceName("turns");
        for (Mesh mesh : List.of(one, two)) {
            await(mesh.serve(
                    service,
                    (from, payload) ->
                            Future.succeededFuture(Buffer.buffer(mesh.address().value()))));
        }
        Set<String> answered = new HashSet<>();
        for (int i = 0; i < 200 && answered.size() < 2; i++) {
            answered.add(await(one.call(service, HELLO)).toString());
        }
        assertThat(answered)
                .containsExactlyInAnyOrder(one.address().value(), two.address().value());
    }

    @Test
    void a_rendezvous_is_found_everywhere_until_it_is_left_or_its_time_is_over() {
        RendezvousKey key = new RendezvousKey("0123456789abcdef".repeat(2));
        assertThat(failure(two.rendezvous().resolve(key))).isEqualTo(ErrorCode.GRANT_UNKNOWN);
        await(one.rendezvous().enter(key, one.address(), Duration.ofMinutes(5)));
        assertThat(await(two.rendezvous().resolve(key))).isEqualTo(one.address());
        await(two.rendezvous().leave(key, two.address()));
        assertThat(await(two.rendezvous().resolve(key))).isEqualTo(one.address());
        await(two.rendezvous().leave(key, one.address()));
        assertThat(failure(one.rendezvous().resolve(key))).isEqualTo(ErrorCode.GRANT_UNKNOWN);
        await(one.rendezvous().leave(key, one.address()));
        await(one.rendezvous().enter(key, one.address(), Duration.ofSeconds(1)));
        assertThat(await(gone(key))).isEqualTo(ErrorCode.GRANT_UNKNOWN);
    }

    @Test
    void what_is_entered_in_case_it_was_lost_replaces_nothing() {
        RendezvousKey key = new RendezvousKey("e".repeat(32));
        await(one.rendezvous().enterIfLost(key, one.address(), Duration.ofMinutes(5)));
        await(two.rendezvous().enterIfLost(key, two.address(), Duration.ofMinutes(5)));
        assertThat(await(two.rendezvous().resolve(key))).isEqualTo(one.address());
        await(one.rendezvous().leave(key, one.address()));
    }

    /** Asks again and again until nobody waits there any more. */
    private static Future<ErrorCode> gone(RendezvousKey key) {
        return two.rendezvous()
                .resolve(key)
                .compose(
                        there -> two.vertx().timer(100).compose(t -> gone(key)),
                        failure -> Future.succeededFuture(((MeshException) failure).code()));
    }

    @Test
    void what_is_no_address_in_the_directory_is_as_good_as_nothing() {
        RendezvousKey key = new RendezvousKey("f".repeat(32));
        await(two.vertx()
                .sharedData()
                .<String, String>getClusterWideMap("ferrymesh.rendezvous")
                .compose(map -> map.put(key.hex(), "ferrymesh.service.kgc")));
        assertThat(failure(one.rendezvous().resolve(key))).isEqualTo(ErrorCode.GRANT_UNKNOWN);
    }

    @Test
    void a_rendezvous_for_less_than_a_second_is_refused() {
        RendezvousKey key = new RendezvousKey("a".repeat(32));
        assertThatThrownBy(() -> await(one.rendezvous().enter(key, one.address(), Duration.ofMillis(999))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("timeToLive must be >= 1 s");
    }

    @Test
    void nothing_listens_off_loopback() throws IOException {
        List<String> listening = listening();
        assertThat(listening).hasSizeGreaterThanOrEqualTo(4).allMatch(RequestIT::isLoopback);
    }

    private static boolean isLoopback(String hexAddress) {
        return hexAddress.equals("0100007F") || hexAddress.equals("0000000000000000FFFF00000100007F");
    }

    /** Local addresses of this process's listening TCP sockets, as Linux prints them. */
    private static List<String> listening() throws IOException {
        Set<String> own = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.isSymbolicLink(descriptor)) {
                    own.add(Files.readSymbolicLink(descriptor).toString());
                }
            }
        }
        List<String> addresses = new ArrayList<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] field = line.trim().split("\\s+", -1);
                if (field[3].equals("0A") && own.contains("socket:[" + field[9] + "]")) {
                    addresses.add(field[1].substring(0, field[1].indexOf(':')));
                }
            }
        }
        return addresses;
    }
}
