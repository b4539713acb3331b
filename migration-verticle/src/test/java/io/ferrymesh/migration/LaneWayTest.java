package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.stores.directory.DirectoryStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which way lanes take when one end, or the network, does not do its part. */
class LaneWayTest {

    /** Of one session: the lanes for objects, the listing, and the answers. */
    private static final int STREAMS = EngineOptions.defaults().dataLanes() + 2;

    private final Fixture fixture = new Fixture();

    @TempDir
    private Path from;

    @TempDir
    private Path to;

    @BeforeEach
    void fill() throws Exception {
        Files.write(from.resolve("a"), new byte[300_000]);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private MigrationStatus migrate() throws Exception {
        return fixture.migrate(fixture.provider(), from, fixture.provider(), to);
    }

    @Test
    void lanes_of_both_directions_take_the_connection() throws Exception {
        fixture.network.direct = true;
        assertThat(migrate().state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(fixture.network.overDirect.get()).isEqualTo(STREAMS);
        assertThat(fixture.network.overBus.get()).isZero();
    }

    @Test
    void without_it_they_take_the_bus() throws Exception {
        assertThat(migrate().state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(fixture.network.overBus.get()).isEqualTo(STREAMS);
    }

    @Test
    void they_take_the_bus_when_the_offer_leads_nowhere() throws Exception {
        fixture.network.direct = true;
        fixture.network.reachable = false;
        assertThat(migrate().state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(fixture.network.overBus.get()).isEqualTo(STREAMS);
        assertThat(fixture.network.overDirect.get()).isZero();
    }

    @Test
    void a_source_without_a_listener_connects_to_its_destination() throws Exception {
        var source = fixture.provider();
        var destination = fixture.provider();
        source.node().offers = false;
        fixture.network.direct = true;
        assertThat(fixture.migrate(source, from, destination, to).state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(fixture.network.overDirect.get()).isEqualTo(STREAMS);
    }

    @Test
    void an_end_that_neither_listens_nor_connects_is_not_waited_for() throws Exception {
        for (boolean sourceIsOff : new boolean[] {true, false}) {
            fixture.network.direct = true;
            var source = fixture.provider();
            var destination = fixture.provider();
            var off = (sourceIsOff ? source : destination).node();
            off.offers = false;
            off.dials = false;
            int before = fixture.network.overBus.get();
            Path into = Files.createDirectory(to.resolve("" + sourceIsOff));
            assertThat(fixture.migrate(source, from, destination, into).state()).isEqualTo(MigrationState.COMPLETED);
            assertThat(fixture.network.overBus.get()).isEqualTo(before + STREAMS);
        }
    }

    @Test
    void within_one_process_lanes_take_the_bus() throws Exception {
        fixture.network.direct = true;
        var both = fixture.provider();
        assertThat(fixture.migrate(both, from, both, to).state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(fixture.network.overDirect.get()).isZero();
    }

    @Test
    void nobody_is_let_in_for_a_session_that_is_over() throws Exception {
        fixture.network.direct = true;
        fixture.network.reachable = false;
        var id = io.ferrymesh.scheme.MigrationId.random(fixture.random);
        fixture.offer(fixture.provider(), id, new byte[32], DirectoryStore.open(from));
        assertThat(fixture.fetch(fixture.provider(), id, new byte[32], DirectoryStore.open(to))
                        .state())
                .isEqualTo(MigrationState.COMPLETED);
        Fixture.done(fixture.network.nobodyExpected());
    }
}
