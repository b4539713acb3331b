package io.ferrymesh.it;

import static io.ferrymesh.it.KgcCluster.await;
import static io.ferrymesh.it.KgcCluster.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshCounters.Event;
import io.ferrymesh.mesh.Peer;
import io.ferrymesh.mesh.PeerAddress;
import io.ferrymesh.mesh.Topic;
import io.ferrymesh.mesh.wire.Id128;
import io.ferrymesh.mesh.wire.Message;
import io.ferrymesh.mesh.wire.Role;
import io.ferrymesh.migration.DestinationOrder;
import io.ferrymesh.migration.Journal;
import io.ferrymesh.migration.MigrationState;
import io.ferrymesh.migration.MigrationStatus;
import io.ferrymesh.migration.ReceiptLog;
import io.ferrymesh.migration.SourceOffer;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Handshake;
import io.ferrymesh.scheme.HandshakeSetup;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.PeerCheck;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.scheme.Usage;
import io.ferrymesh.scheme.VoucherKey;
import io.ferrymesh.stores.directory.DirectoryStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.shareddata.AsyncMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A member of the cluster that is neither provider nor key centre, reads what every member can read, is told what a wiretap
 * would tell it, and sends what it should not.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileMemberIT {

    private static final Topic HELLO = new Topic("migration.hello");
    private static final Topic CONFIRM = new Topic("migration.confirm");
    private static final Topic TO_SOURCE = new Topic("migration.to-source");
    private static final Topic TO_DESTINATION = new Topic("migration.to-destination");
    private static final String RENDEZVOUS = "ferrymesh.rendezvous";
    private static final DeliveryOptions WIRE = new DeliveryOptions().setCodecName("ferrymesh");
    private static final int KNOCKS = 200;

    private final List<Message> overheard = new CopyOnWriteArrayList<>();
    private Engines engines;
    private Engines.Provider source;
    private Engines.Provider destination;
    private Mesh stranger;
    private AsyncMap<String, String> directory;

    @TempDir
    private Path temporary;

    private Path from;
    private Path to;
    private MigrationId id;
    private Psk psk;

    @BeforeAll
    void start() {
        engines = new Engines();
        source = engines.source;
        destination = engines.destination;
        stranger = engines.stranger;
        directory = await(stranger.vertx().sharedData().getClusterWideMap(RENDEZVOUS));
        for (Mesh victim : List.of(source.mesh(), destination.mesh())) {
            victim.vertx().eventBus().<Message>addOutboundInterceptor(delivery -> {
                if (delivery.body() instanceof Message message) {
                    overheard.add(message);
                }
                delivery.next();
            });
        }
    }

    @AfterAll
    void stop() {
        engines.close();
    }

    @BeforeEach
    void data() throws IOException {
        overheard.clear();
        from = Files.createDirectories(
                temporary.resolve("from-" + temporary.toFile().list().length));
        to = Files.createDirectories(
                temporary.resolve("to-" + temporary.toFile().list().length));
        for (int i = 0; i < 40; i++) {
            Trees.file(from.resolve("many/" + i), 300_000 + i);
        }
        id = MigrationId.random(engines.random);
        psk = Psk.random(engines.random);
    }

    @Test
    void who_only_reads_the_directory_gets_nowhere_and_costs_no_credential() throws Exception {
        Map.Entry<String, String> waiting = offer(new GatedStore(DirectoryStore.open(from), "none"));
        int stock = source.stock();
        assertThat(waiting.getValue()).isEqualTo(source.mesh().address().value());
        byte[] rendezvous = HexFormat.of().parseHex(waiting.getKey());
        Peer knocked = stranger.peer(new PeerAddress(waiting.getValue()));
        for (int length : new int[] {0, 1, 16, 97, 4_096, (1 << 20) - 17}) {
            refused(() -> knocked.request(HELLO, hello(rendezvous, noise(length))));
            refused(() -> knocked.request(CONFIRM, hello(noise(16), noise(length))));
        }
        for (Buffer garbage : List.of(Buffer.buffer(), Buffer.buffer(noise(1)), Buffer.buffer(noise(1 << 20)))) {
            refused(() -> knocked.request(HELLO, garbage));
            refused(() -> knocked.request(CONFIRM, garbage));
        }
        try (Credential enrolled = destination.take()) {
            for (int i = 0; i < KNOCKS; i++) {
                refused(() -> knocked.request(HELLO, hello(rendezvous, firstMessageUnderAnotherKey(enrolled))));
            }
        }
        refused(() -> knocked.open(TO_SOURCE, laneHello(noise(16), 0)));
        refused(() -> knocked.open(TO_SOURCE, Buffer.buffer(noise(4_096))));
        refused(() -> knocked.open(TO_SOURCE, Buffer.buffer()));
        assertThat(source.stock()).isEqualTo(stock);
        assertThat(source.engine().source(id).orElseThrow().state()).isEqualTo(MigrationState.WAITING);
        begin();
        completes();
        assertThat(source.stock()).isEqualTo(stock - 2);
    }

    @Test
    void who_overhears_everything_cannot_disturb_a_running_migration_by_sending_it_again() throws Exception {
        int before = source.stock();
        Trees.file(from.resolve("zz gate"), 10_000);
        GatedStore gated = new GatedStore(DirectoryStore.open(from), "zz gate");
        Map.Entry<String, String> waiting = offer(gated);
        begin();
        assertThat(gated.awaitReached()).isTrue();
        List<Message> heard = List.copyOf(overheard);
        int stock = source.stock();
        assertThat(stock).isEqualTo(before - 2);
        Peer atSource = stranger.peer(source.mesh().address());
        Peer atDestination = stranger.peer(destination.mesh().address());
        assertThat(of(Message.Data.class, heard)).isNotEmpty();
        List<Message.Request> handshake = of(Message.Request.class, heard).stream()
                .filter(request -> Set.of(HELLO.name(), CONFIRM.name()).contains(request.subject()))
                .toList();
        assertThat(handshake).hasSize(2);
        for (Message.Request request : handshake) {
            refused(() -> atSource.request(new Topic(request.subject()), request.payload()));
        }
        List<Message.Open> lanes = of(Message.Open.class, heard);
        assertThat(lanes).hasSizeGreaterThanOrEqualTo(3);
        for (Message.Open lane : lanes) {
            for (Peer victim : List.of(atSource, atDestination)) {
                refused(() -> victim.open(TO_SOURCE, lane.hello()));
                refused(() -> victim.open(TO_DESTINATION, lane.hello()));
            }
            byte[] session = lane.hello().getBytes(1, 17);
            for (int forged : new int[] {0, 1, 2, 3, 17, Integer.MAX_VALUE, -1}) {
                refused(() -> atDestination.open(TO_DESTINATION, laneHello(session, forged)));
                refused(() -> atSource.open(TO_SOURCE, laneHello(session, forged)));
            }
        }
        forgeFrames(lanes);
        heard.forEach(message -> {
            send(source.mesh(), message);
            send(destination.mesh(), message);
        });
        await(directory.put(waiting.getKey(), stranger.address().value()));
        assertThat(await(directory.remove(waiting.getKey()))).isNotNull();
        settled();
        assertThat(destination.engine().destination(id).orElseThrow().state()).isEqualTo(MigrationState.COPYING);
        gated.open();
        completes();
        assertThat(source.stock()).isEqualTo(stock);
    }

    @Test
    void who_takes_the_sources_place_in_the_directory_gets_no_handshake_and_the_source_still_waits() throws Exception {
        String key = offer(new GatedStore(DirectoryStore.open(from), "none")).getKey();
        int stock = source.stock();
        stranger.onRequest(HELLO, (asking, payload) -> Future.succeededFuture(hello(noise(16), noise(700))));
        await(directory.put(key, stranger.address().value()));
        begin();
        MigrationStatus failed = over();
        assertThat(failed.state()).isEqualTo(MigrationState.FAILED);
        assertThat(failed.failure()).get().isIn(ErrorCode.HANDSHAKE_REFUSED, ErrorCode.INVALID_MESSAGE);
        assertThat(Trees.members(to)).isEmpty();
        assertThat(source.stock()).isEqualTo(stock);
        await(directory.put(key, source.mesh().address().value()));
        begin();
        completes();
    }

    /** In the stranger's own name under ids it heard, in the opener's name out of order, and under ids it guesses. */
    private void forgeFrames(List<Message.Open> lanes) {
        Id128 self = id(stranger);
        for (Message.Open lane : lanes) {
            for (Mesh victim : List.of(source.mesh(), destination.mesh())) {
                send(victim, new Message.Data(self, lane.stream(), 0, Buffer.buffer(noise(1_000))));
                send(victim, new Message.Data(lane.from(), lane.stream(), 1L << 40, Buffer.buffer(noise(1_000))));
                send(victim, new Message.End(self, lane.stream(), 0));
                send(victim, new Message.End(lane.from(), lane.stream(), 1L << 40));
                send(victim, new Message.Credit(self, lane.stream(), Long.MAX_VALUE, 0));
                send(victim, new Message.Ended(self, lane.stream()));
                send(victim, new Message.Cancel(self, lane.stream(), Role.OPENER, ErrorCode.CANCELLED));
                send(victim, new Message.Cancel(self, lane.stream(), Role.ACCEPTOR, ErrorCode.CANCELLED));
                send(victim, new Message.Refuse(self, lane.stream(), ErrorCode.REVOKED));
                send(
                        victim,
                        new Message.Heartbeat(
                                self, List.of(new Message.Beat(lane.stream(), Role.OPENER, 1L << 40, 0))));
                Id128 guessed = Id128.random(engines.random);
                send(victim, new Message.Data(lane.from(), guessed, 0, Buffer.buffer(noise(1_000))));
                send(victim, new Message.Cancel(lane.from(), guessed, Role.OPENER, ErrorCode.CANCELLED));
            }
        }
    }

    /** What the stranger sent has been looked at: messages of one sender are taken in order. */
    private void settled() throws Exception {
        Id128 self = id(stranger);
        for (Mesh victim : List.of(source.mesh(), destination.mesh())) {
            long before = victim.counters().get(Event.UNKNOWN_REPLY);
            send(victim, new Message.Reply(self, Id128.random(engines.random), Buffer.buffer("the last")));
            long unused = Awaiting.until("the last forged message", () -> Optional.of(
                            victim.counters().get(Event.UNKNOWN_REPLY))
                    .filter(count -> count > before));
            assertThat(victim.counters().get(Event.UNKNOWN_STREAM)).isGreaterThan(10);
        }
    }

    /** What everybody sees in the directory when the source has been given the grant. */
    private Map.Entry<String, String> offer(GatedStore store) {
        Set<String> before = await(directory.keys());
        await(source.engine()
                .offer(new SourceOffer(
                        id,
                        copy(),
                        VoucherKey.random(engines.random),
                        store,
                        "",
                        Instant.now().plusSeconds(600),
                        ReceiptLog.NONE)));
        Map<String, String> entries = await(directory.entries());
        entries.keySet().removeAll(before);
        assertThat(entries).hasSize(1);
        return entries.entrySet().iterator().next();
    }

    private void begin() throws Exception {
        await(destination
                .engine()
                .begin(new DestinationOrder(id, copy(), DirectoryStore.open(to), Journal.none(), ReceiptLog.NONE)));
    }

    private void completes() throws Exception {
        MigrationStatus status = over();
        assertThat(status.failure()).isEmpty();
        assertThat(status.state()).isEqualTo(MigrationState.COMPLETED);
        Trees.assertSame(from, to);
        assertThat(Awaiting.until(
                        "the source's receipt", () -> source.engine().source(id).flatMap(MigrationStatus::receipt)))
                .isEqualTo(status.receipt().orElseThrow());
    }

    private MigrationStatus over() throws Exception {
        return Awaiting.until(
                "the migration's end",
                () -> destination.engine().destination(id).filter(status -> status.state()
                        .isOver()));
    }

    private Psk copy() {
        return Psk.of(psk.copy());
    }

    private byte[] firstMessageUnderAnotherKey(Credential enrolled) {
        try (Psk other = Psk.random(engines.random);
                Handshake handshake = Handshake.destination(new HandshakeSetup(
                        source.kgc(),
                        id,
                        other,
                        enrolled,
                        PeerCheck.forUsage(
                                Usage.KEY_AGREEMENT,
                                source.kgc(),
                                Instant.now().getEpochSecond(),
                                source.keys().revocation()),
                        engines.random))) {
            return handshake.write(new byte[] {1});
        }
    }

    private static void refused(Supplier<Future<?>> attempt) {
        assertThat(failure(attempt.get())).isIn(ErrorCode.HANDSHAKE_REFUSED, ErrorCode.INVALID_MESSAGE);
    }

    private static <T extends Message> List<T> of(Class<T> kind, List<Message> messages) {
        return messages.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private void send(Mesh victim, Message message) {
        var unused = stranger.vertx().eventBus().send(victim.address().value(), message, WIRE);
    }

    private static Id128 id(Mesh mesh) {
        return Id128.parse(mesh.address().value().substring(PeerAddress.PREFIX.length()));
    }

    private static Buffer hello(byte[] rendezvous, byte[] message) {
        return Buffer.buffer().appendByte((byte) 1).appendBytes(rendezvous).appendBytes(message);
    }

    private Buffer laneHello(byte[] session, int lane) {
        return Buffer.buffer()
                .appendByte((byte) 1)
                .appendBytes(session)
                .appendInt(lane)
                .appendBytes(noise(16));
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        engines.random.nextBytes(noise);
        return noise;
    }
}
