package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.LogFields;
import io.ferrymesh.provider.Said;
import io.ferrymesh.provider.engine.MigrationState;
import io.ferrymesh.provider.engine.Progress;
import io.ferrymesh.provider.options.Schedule;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.provider.service.NewMigration;
import io.ferrymesh.provider.work.Site.Node;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What operators see of the work: numbers, and lines with the id of what they are about. */
@OnEachDatabase
class WorkFiguresTest {

    private final Site site;
    private final Node one;
    private final Node two;
    private final Account alice;

    WorkFiguresTest(TestDatabase databases) {
        site = new Site(databases, account -> GrantWorkTest.untouched());
        one = site.process();
        two = site.process();
        alice = site.account(1);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void the_numbers_are_of_what_has_not_ended_for_good() {
        Account bob = site.account(2);
        List<NewMigration> begun = new ArrayList<>();
        for (int i = 0; i < 7; i++) { // of which three may run
            begun.add(migration());
        }
        assertThat(one.work().grants().create(alice, site.grant()).fresh()).isTrue();
        one.turn();
        site.pass(2_000);
        two.turn();
        one.engine().fails(begun.get(0).id(), ErrorCode.REVOKED, false);
        one.turn(); // begins another
        assertThat(one.work().migrations().pause(alice, begun.get(5).id()).state())
                .isEqualTo(State.PAUSED);
        one.work().migrations().cancel(alice, begun.get(6).id());
        int unused = site.database.transaction(
                handle -> handle.execute("UPDATE account SET state = 'ERASING' WHERE id = " + bob.id()));
        one.work().count();
        site.pass(3_500);

        assertThat(one.work().figures())
                .isEqualTo(new WorkFigures(
                        1,
                        3,
                        Map.of(
                                State.SCHEDULED, 0L,
                                State.QUEUED, 1L,
                                State.CONNECTING, 3L,
                                State.RUNNING, 0L,
                                State.MIRRORING, 0L,
                                State.PAUSED, 1L,
                                State.FAILED, 1L),
                        5,
                        1,
                        2));
    }

    @Test
    void what_is_queued_again_waits_since_then() {
        NewMigration migration = migration();
        one.turn();
        one.engine().destination(migration.id(), MigrationState.RUNNING, Progress.NONE, Optional.empty());
        site.pass(5_000);
        one.turn();
        one.engine().fails(migration.id(), ErrorCode.PEER_LOST, true);
        one.turn();
        one.work().count();
        assertThat(one.work().figures().oldestQueuedSeconds()).isZero();

        site.pass(3_000);

        assertThat(one.work().figures().oldestQueuedSeconds()).isEqualTo(3);
    }

    @Test
    void what_is_to_begin_later_is_not_queued_and_waits_from_then_on() {
        NewMigration drawn = site.migration();
        Schedule later = Schedule.NONE.withStartAt(Optional.of(site.now().plusSeconds(10)));
        assertThat(one.work()
                        .migrations()
                        .create(alice, new NewMigration(drawn.id(), drawn.psk(), Optional.empty(), later))
                        .fresh())
                .isTrue();
        one.work().count();
        assertThat(one.work().figures().migrationsByState()).containsEntry(State.SCHEDULED, 1L);
        assertThat(one.work().figures().migrationsByState()).containsEntry(State.QUEUED, 0L);
        site.pass(5_000);
        assertThat(one.work().figures().oldestQueuedSeconds()).isZero();
        site.pass(8_000);
        one.work().count();
        assertThat(one.work().figures().migrationsByState()).containsEntry(State.QUEUED, 1L);
        assertThat(one.work().figures().oldestQueuedSeconds()).isEqualTo(3);
    }

    @Test
    void the_numbers_stay_when_the_database_is_away() {
        assertThat(one.work().figures().instances()).isZero();
        one.work().count();

        site.database.close();

        assertThat(one.work().figures().instances()).isEqualTo(2);
    }

    @Test
    void a_process_is_alive_for_two_thirds_of_the_lease_timeout_after_its_beat() {
        assertThat(one.work().isAlive()).isTrue();
        site.pass(6_000);
        assertThat(one.work().isAlive()).isTrue();
        one.work().beat();
        site.pass(6_000);
        assertThat(one.work().isAlive()).isTrue();

        site.pass(1_000);

        assertThat(one.work().isAlive()).isFalse();
    }

    @Test
    void a_migration_that_has_failed_is_said_with_its_id_and_without_what_may_be_a_users() {
        NewMigration migration = migration();
        one.turn();
        try (Said said = new Said(Destinations.class)) {
            one.engine().fails(migration.id(), ErrorCode.REVOKED, false);
            one.turn();

            assertThat(said.keyed(LogFields.MIGRATION, Level.WARN))
                    .containsExactly(
                            migration.id() + " migration " + migration.id() + " has failed, retries: 0: REVOKED");
        }
    }

    @Test
    void a_migration_that_does_not_begin_is_said_with_its_id() {
        NewMigration migration = migration();
        one.engine().refusal = new IllegalStateException("no room");
        try (Said said = new Said(Destinations.class)) {
            one.turn();
            one.turn();

            assertThat(said.keyed(LogFields.MIGRATION, Level.ERROR))
                    .containsExactly(migration.id() + " migration " + migration.id() + " does not begin");
        }
    }

    @Test
    void what_does_not_stop_is_said_with_its_id() {
        NewMigration migration = migration();
        one.turn();
        one.engine().stopping = Future.failedFuture("it hangs");
        try (Said said = new Said(Destinations.class)) {
            assertThat(one.work().migrations().pause(alice, migration.id()).state())
                    .isEqualTo(State.PAUSED);
            one.turn();
            one.work().handOver();

            String line = migration.id() + " migration " + migration.id() + " does not stop";
            assertThat(said.keyed(LogFields.MIGRATION, Level.WARN)).containsExactly(line, line);
        }
    }

    private NewMigration migration() {
        NewMigration migration = site.migration();
        assertThat(one.work().migrations().create(alice, migration).fresh()).isTrue();
        return migration;
    }
}
