package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.scheme.VoucherKey;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import java.security.SecureRandom;
import java.time.Duration;

/** Two simulated processes with a link between them, over which migrations go in the world's own time. */
final class SimLink {

    final SimWorld world = new SimWorld(11);
    final SimNetwork network = new SimNetwork(world);
    final SimNode sourceNode;
    final MigrationVerticle source;
    final MigrationVerticle destination;
    private final SecureRandom secrets = world.secrets();
    final SimKeys keys = new SimKeys(world, secrets);
    private final byte[] content = new byte[512 << 10];

    /** One migration over it, between stores of its own. */
    final class Move {

        private final MigrationId id = MigrationId.random(secrets);
        private final byte[] key = new byte[32];
        private final SimStore to = new SimStore(world);
        private final TransferOptions options;

        /** Grants so many objects of half a MiB at the source. */
        Move(int objects, TransferOptions options) {
            this.options = options;
            secrets.nextBytes(key);
            SimStore from = new SimStore(world);
            for (int i = 0; i < objects; i++) {
                from.put(new ObjectInfo(ObjectPath.of("o" + i), content.length, Fixture.NOW), content);
            }
            assertThat(source.offer(new SourceOffer(
                                    id,
                                    Psk.of(key),
                                    VoucherKey.of(key.clone()),
                                    from.open(),
                                    "",
                                    Fixture.NOW.plus(Duration.ofDays(1)),
                                    ReceiptLog.NONE))
                            .failed())
                    .isFalse();
        }

        MigrationId id() {
            return id;
        }

        void begin() {
            assertThat(destination
                            .begin(new DestinationOrder(
                                    id, Psk.of(key), to.open(), Journal.none(), ReceiptLog.NONE, options))
                            .failed())
                    .isFalse();
        }

        MigrationStatus status() {
            return destination.destination(id).orElseThrow();
        }

        boolean isOver() {
            return status().state().isOver();
        }

        int arrived() {
            return to.objects.size();
        }
    }

    SimLink(EngineOptions options, Duration latency, double bytesPerSecond) {
        network.link(latency, bytesPerSecond);
        world.random.nextBytes(content);
        sourceNode = new SimNode(network);
        source = start(sourceNode, options);
        destination = start(new SimNode(network), options);
    }

    private MigrationVerticle start(SimNode node, EngineOptions options) {
        EngineContext context =
                new EngineContext(node, keys.trust(), keys::credential, world.clock(), secrets, options, node);
        MigrationVerticle engine = new MigrationVerticle(context, node.pool());
        assertThat(engine.start().succeeded()).isTrue();
        return engine;
    }
}
