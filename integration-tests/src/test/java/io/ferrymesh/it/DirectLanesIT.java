package io.ferrymesh.it;

import static io.ferrymesh.it.KgcCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.CuttableProxy;
import io.ferrymesh.mesh.DirectOptions;
import io.ferrymesh.mesh.Mesh;
import io.ferrymesh.mesh.MeshCounters.Carried;
import io.ferrymesh.migration.DestinationOrder;
import io.ferrymesh.migration.EngineOptions;
import io.ferrymesh.migration.Journal;
import io.ferrymesh.migration.MigrationState;
import io.ferrymesh.migration.MigrationStatus;
import io.ferrymesh.migration.ReceiptLog;
import io.ferrymesh.migration.SourceOffer;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.scheme.VoucherKey;
import io.ferrymesh.stores.directory.DirectoryStore;
import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Migrations whose lanes take a direct connection, over a proxy that cuts it: what arrives is what was there, whole and once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DirectLanesIT {

    /** Of one session: the lanes for objects, the listing, and the answers. */
    private static final int STREAMS = EngineOptions.defaults().dataLanes() + 2;

    private static final int LARGE_BYTES = 24_000_000;
    private static final int SMALL_FILES = 300;

    private CuttableProxy proxy;
    private Engines engines;

    private Path temporary;
    private Path from;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        temporary = directory;
        proxy = new CuttableProxy();
        int port = FreePorts.take(1).get(0);
        proxy.leadTo(port);
        engines = Engines.direct(
                DirectOptions.parse(Optional.of("127.0.0.1:" + port), Optional.of("127.0.0.1:" + proxy.port()), false),
                DirectOptions.parse(Optional.empty(), Optional.empty(), true));
        from = Files.createDirectory(temporary.resolve("from"));
        Trees.file(from.resolve("large"), LARGE_BYTES);
        for (int i = 0; i < SMALL_FILES; i++) {
            Trees.file(from.resolve("small " + i), 3_000 + i);
        }
    }

    @AfterAll
    void stop() throws Exception {
        engines.close();
        proxy.close();
    }

    private static long carried(Mesh mesh, Carried what) {
        return mesh.counters().get(what);
    }

    private MigrationStatus migrate(Path to) throws Exception {
        MigrationId id = MigrationId.random(engines.random);
        byte[] key = new byte[32];
        engines.random.nextBytes(key);
        await(engines.source
                .engine()
                .offer(new SourceOffer(
                        id,
                        Psk.of(key),
                        VoucherKey.random(engines.random),
                        DirectoryStore.open(from),
                        "",
                        Instant.now().plus(Duration.ofHours(1)),
                        ReceiptLog.NONE)));
        await(engines.destination
                .engine()
                .begin(new DestinationOrder(
                        id, Psk.of(key), DirectoryStore.open(to), Journal.none(), ReceiptLog.NONE)));
        return await(whenOver(id));
    }

    private Future<MigrationStatus> whenOver(MigrationId id) {
        MigrationStatus now = engines.destination.engine().destination(id).orElseThrow();
        return now.state().isOver()
                ? Future.succeededFuture(now)
                : engines.destination.mesh().vertx().timer(20).compose(later -> whenOver(id));
    }

    private void arrives(MigrationStatus status, Path to) throws Exception {
        assertThat(status.state()).as("%s", status).isEqualTo(MigrationState.COMPLETED);
        assertThat(status.counts().objectsStored()).isEqualTo(SMALL_FILES + 1);
        assertThat(Files.mismatch(from.resolve("large"), to.resolve("large"))).isEqualTo(-1);
        for (int i = 0; i < SMALL_FILES; i++) {
            String name = "small " + i;
            assertThat(Files.mismatch(from.resolve(name), to.resolve(name))).isEqualTo(-1);
        }
    }

    @Test
    void all_lanes_of_a_migration_take_the_connection() throws Exception {
        Mesh destination = engines.destination.mesh();
        long direct = carried(destination, Carried.STREAMS_DIRECT);
        long bus = carried(destination, Carried.STREAMS_BUS);
        Path to = Files.createDirectory(temporary.resolve("to"));
        arrives(migrate(to), to);
        assertThat(carried(destination, Carried.STREAMS_DIRECT)).isEqualTo(direct + STREAMS);
        assertThat(carried(destination, Carried.STREAMS_BUS)).isEqualTo(bus);
    }

    @Test
    void every_byte_arrives_wherever_the_connection_is_cut() throws Exception {
        Random random = new Random(1);
        for (int round = 0; round < 6; round++) {
            long before = carried(engines.source.mesh(), Carried.FALLBACKS);
            proxy.cutAfter(200 + random.nextInt(LARGE_BYTES));
            Path to = Files.createDirectory(temporary.resolve("cut " + round));
            arrives(migrate(to), to);
            proxy.mend();
            assertThat(carried(engines.source.mesh(), Carried.FALLBACKS))
                    .as("round %d", round)
                    .isEqualTo(before + 1);
        }
    }

    @Test
    void lanes_take_the_bus_when_nobody_can_connect() throws Exception {
        long before = carried(engines.destination.mesh(), Carried.STREAMS_BUS);
        proxy.cutAfter(0);
        Path to = Files.createDirectory(temporary.resolve("bus"));
        arrives(migrate(to), to);
        proxy.mend();
        assertThat(carried(engines.destination.mesh(), Carried.STREAMS_BUS)).isEqualTo(before + STREAMS);
        assertThat(carried(engines.destination.mesh(), Carried.DIALS_FAILED)).isPositive();
    }
}
