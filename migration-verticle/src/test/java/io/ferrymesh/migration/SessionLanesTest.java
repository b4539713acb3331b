package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Handshake;
import io.ferrymesh.scheme.HandshakeResult;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.scheme.Usage;
import io.ferrymesh.stores.directory.DirectoryStore;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lanes of a session that is over. */
class SessionLanesTest {

    private final Fixture fixture = new Fixture();

    @TempDir
    private Path store;

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void a_session_that_ends_before_its_lanes_open_opens_none() throws Exception {
        MemoryNetwork.Node node = fixture.network.join();
        SessionLanes lanes = new SessionLanes(
                SessionId.random(fixture.random),
                result(node),
                1,
                Runnable::run,
                new SendRoom(EngineOptions.MIN_WINDOW_BYTES),
                failure -> {});
        lanes.close();

        Future<Void> opened = lanes.open(node.peer(node.address()), Lanes.TO_DESTINATION, Lanes.CONTROL, new Nothing());

        assertThat(opened.cause()).isInstanceOfSatisfying(MeshException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.CANCELLED));
    }

    @Test
    void a_session_that_never_expected_its_peer_leaves_another_s_expectation_by_its_id_alone() throws Exception {
        fixture.network.direct = true;
        MemoryNetwork.Node node = fixture.network.join();
        MemoryNetwork.Node peer = fixture.network.join();
        SessionId id = SessionId.random(fixture.random);
        LaneWay waiting = new LaneWay(context(node), established(id, node, peer));
        waiting.prepare();

        new LaneWay(context(node), established(id, node, peer)).close();
        assertThat(fixture.network.nobodyExpected().isComplete()).isFalse();

        waiting.close();
        assertThat(fixture.network.nobodyExpected().isComplete()).isTrue();
    }

    private Established established(SessionId id, MemoryNetwork.Node node, MemoryNetwork.Node peer) throws Exception {
        Credential signing = fixture.credential(fixture.master, Usage.SIGNING);
        return new Established(
                id,
                fixture.master.publicKey(),
                result(node),
                new Introduction(
                        node.address(), 8, signing.certificate(), node.direct().offer()),
                new Introduction(peer.address(), 8, signing.certificate(), Optional.empty()),
                signing,
                signing.certificate());
    }

    private EngineContext context(MemoryNetwork.Node node) {
        return new EngineContext(
                node,
                fixture.new FixedTrust(List.of(fixture.master)),
                fixture::supply,
                Clock.fixed(Fixture.NOW, ZoneOffset.UTC),
                fixture.random,
                EngineOptions.defaults());
    }

    /** A source's keys after a handshake with a destination. */
    private HandshakeResult result(MemoryNetwork.Node node) throws Exception {
        Handshakes handshakes = new Handshakes(context(node));
        MigrationId id = MigrationId.random(fixture.random);
        byte[] key = new byte[32];
        DirectoryStore objects = DirectoryStore.open(store);
        Handshake source = handshakes.source(
                new SourceOffer(
                        id,
                        Psk.of(key),
                        Fixture.voucherKey(key),
                        objects,
                        "",
                        Fixture.NOW.plus(Duration.ofHours(1)),
                        ReceiptLog.NONE),
                fixture.credential(fixture.master, Usage.KEY_AGREEMENT));
        Handshake destination = handshakes.destination(
                new DestinationOrder(
                        id, Psk.of(key), objects, Journal.none(), ReceiptLog.NONE, TransferOptions.DEFAULTS),
                fixture.credential(fixture.master, Usage.KEY_AGREEMENT));
        byte[] first = source.read(destination.write(new byte[] {Lanes.VERSION}));
        byte[] second = destination.read(source.write(new byte[] {2}));
        byte[] third = source.read(destination.write(new byte[] {3}));
        assertThat(List.of(first[0], second[0], third[0])).containsExactly(Lanes.VERSION, (byte) 2, (byte) 3);
        return source.result();
    }

    /** Has nothing to send. */
    private static final class Nothing implements FrameSource {
        @Override
        public Fill fill(ByteBuffer out) {
            return Fill.IDLE;
        }
    }
}
