package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.mesh.LogFields;
import io.ferrymesh.provider.Said;
import io.ferrymesh.provider.engine.MigrationState;
import io.ferrymesh.provider.engine.Progress;
import io.ferrymesh.provider.options.Bandwidth;
import io.ferrymesh.provider.options.Schedule;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.provider.service.NewMigration;
import io.ferrymesh.provider.work.Site.Node;
import io.ferrymesh.scheme.MigrationId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs that do nothing although their other end says that it is there, and stops that take long. */
@OnEachDatabase
class StillnessTest {

    private final Site site;
    private final Node node;
    private final Account alice;

    StillnessTest(TestDatabase databases) {
        site = new Site(databases, account -> GrantWorkTest.untouched());
        node = site.process();
        alice = site.account(1);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void a_run_that_does_nothing_is_ended_and_begun_again() {
        MigrationId id = running(Schedule.NONE);
        stay(59_000);
        assertThat(state(id)).isEqualTo(State.RUNNING);
        assertThat(node.work().longestStillMs()).isEqualTo(59_000);
        try (Said said = new Said(Destinations.class)) {
            stay(1_000);

            assertThat(node.engine().calls).contains("stop " + id);
            assertThat(state(id)).isEqualTo(State.QUEUED);
            assertThat(said.keyed(LogFields.MIGRATION, Level.WARN))
                    .containsExactly(id + " migration " + id + " has done nothing for 60 s, and is ended");
        }
        assertThat(node.work().runs().ended()).isEqualTo(Map.of("PEER_LOST", 1L));
        assertThat(node.work().runs().retried()).isEqualTo(Map.of("PEER_LOST", 1L));
        stay(2_000);
        assertThat(state(id)).isEqualTo(State.CONNECTING);
    }

    @Test
    void a_run_whose_bytes_count_or_that_reads_to_compare_goes_on() {
        MigrationId id = running(Schedule.NONE);
        for (int i = 1; i <= 4; i++) {
            stay(50_000);
            node.engine().destination(id, MigrationState.RUNNING, new Progress(5, true, 0, 0, 0, 0, 10, i, 0), none());
            node.turn();
        }
        for (int i = 1; i <= 4; i++) {
            stay(50_000);
            node.engine().steps++;
            node.turn();
        }

        assertThat(state(id)).isEqualTo(State.RUNNING);
        assertThat(node.work().longestStillMs()).isZero();
        assertThat(node.work().runs().bytesMoved()).isEqualTo(4);
    }

    @Test
    void a_run_with_a_limit_may_take_its_time() {
        Schedule slow = Schedule.NONE.withBandwidth(new Bandwidth(OptionalLong.of(1_024), List.of()));
        MigrationId id = running(slow);

        stay(600_000);

        assertThat(state(id)).isEqualTo(State.RUNNING);
        assertThat(node.work().longestStillMs()).isZero();
    }

    @Test
    void a_stop_that_takes_long_is_said_once() {
        MigrationId id = running(Schedule.NONE);
        Promise<Void> stopping = Promise.promise();
        node.engine().stopping = stopping.future();
        assertThat(node.work().migrations().pause(alice, id).state()).isEqualTo(State.PAUSED);
        try (Said said = new Said(Destinations.class)) {
            stay(60_000);
            assertThat(said.keyed(LogFields.MIGRATION, Level.WARN)).isEmpty();
            stay(2_000);
            stay(60_000);

            assertThat(said.keyed(LogFields.MIGRATION, Level.WARN))
                    .containsExactly(id + " migration " + id
                            + " has not stopped for 61 s: its store may hang; no process begins it again before");
        }
        node.engine().stopping = Future.succeededFuture();
        stopping.complete();
    }

    private static Optional<io.ferrymesh.provider.engine.Failure> none() {
        return Optional.empty();
    }

    /** A second after the other. */
    private void stay(long ms) {
        for (long passed = 0; passed < ms; passed += 1_000) {
            site.pass(1_000);
            node.turn();
        }
    }

    private MigrationId running(Schedule schedule) {
        NewMigration drawn = site.migration();
        assertThat(node.work()
                        .migrations()
                        .create(alice, new NewMigration(drawn.id(), drawn.psk(), Optional.empty(), schedule))
                        .fresh())
                .isTrue();
        node.turn();
        node.engine().destination(drawn.id(), MigrationState.RUNNING, Progress.NONE, none());
        node.turn();
        return drawn.id();
    }

    private State state(MigrationId id) {
        return node.work().migrations().show(alice, id).state();
    }
}
