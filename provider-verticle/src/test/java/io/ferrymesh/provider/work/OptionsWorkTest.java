package io.ferrymesh.provider.work;

import static io.ferrymesh.provider.work.GrantWorkTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.provider.engine.GrantState;
import io.ferrymesh.provider.engine.MigrationState;
import io.ferrymesh.provider.engine.Progress;
import io.ferrymesh.provider.options.Bandwidth;
import io.ferrymesh.provider.options.DryRunTotals;
import io.ferrymesh.provider.options.Estimate;
import io.ferrymesh.provider.options.MigrationOptions;
import io.ferrymesh.provider.options.OptionsJson;
import io.ferrymesh.provider.options.Schedule;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.GrantView;
import io.ferrymesh.provider.service.MigrationEvent;
import io.ferrymesh.provider.service.MigrationView;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.provider.service.NewGrant;
import io.ferrymesh.provider.service.NewMigration;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.work.Site.Node;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What users want of how a migration goes, in a provider with two processes. */
@OnEachDatabase
class OptionsWorkTest {

    private static final MigrationOptions OPTIONS =
            OptionsJson.options(new JsonObject("{\"conflict\":\"OVERWRITE\",\"selection\":{\"include\":[\"*.jpg\"]}}"));
    private static final MigrationOptions DRY = OptionsJson.options(new JsonObject("{\"dryRun\":true}"));
    private static final Bandwidth SLOW = new Bandwidth(OptionalLong.of(2_048), List.of());

    private final Site site;
    private final Node one;
    private final Node two;
    private final Account alice;

    OptionsWorkTest(TestDatabase databases) {
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
    void options_reach_the_engine_and_stay_for_every_run() {
        NewMigration migration = begun(OPTIONS, Schedule.NONE.withBandwidth(SLOW));
        assertThat(Objects.requireNonNull(one.engine().orders.get(migration.id()))
                        .options())
                .isEqualTo(OPTIONS);
        assertThat(Objects.requireNonNull(one.engine().orders.get(migration.id()))
                        .bytesPerSecond())
                .hasValue(2_048);

        site.outlive(two);

        assertThat(Objects.requireNonNull(two.engine().orders.get(migration.id()))
                        .options())
                .isEqualTo(OPTIONS);
        assertThat(show(migration).options()).isEqualTo(OPTIONS);
        assertThat(show(migration).schedule().bandwidth()).isEqualTo(SLOW);
    }

    @Test
    void the_same_again_is_no_error_and_other_options_are() {
        NewMigration migration = begun(OPTIONS, Schedule.NONE);
        NewMigration silent = new NewMigration(migration.id(), migration.psk());
        assertThat(one.work().migrations().create(alice, migration).fresh()).isFalse();
        assertThat(one.work().migrations().create(alice, silent).migration().options())
                .isEqualTo(OPTIONS);
        assertRefused(
                ServiceError.CONFLICT,
                () -> one.work().migrations().create(alice, asked(migration, MigrationOptions.DEFAULTS)));
    }

    @Test
    void a_migration_begins_no_earlier_than_it_is_to() {
        NewMigration migration = begun(OPTIONS, Schedule.NONE.withStartAt(at(60_000)));
        assertThat(show(migration).state()).isEqualTo(State.SCHEDULED);
        assertThat(states(migration)).containsExactly(State.SCHEDULED);
        assertThat(one.work().migrations().list(alice, Optional.empty(), 10).items())
                .extracting(MigrationView::state)
                .containsExactly(State.SCHEDULED);
        site.pass(59_999);
        one.turn();
        assertThat(one.engine().calls).isEmpty();
        site.pass(1);
        assertThat(show(migration).state()).isEqualTo(State.QUEUED);
        one.turn();
        assertThat(show(migration).state()).isEqualTo(State.CONNECTING);
    }

    @Test
    void a_start_can_be_moved_and_taken_back() {
        NewMigration migration = begun(OPTIONS, Schedule.NONE.withStartAt(at(60_000)));
        MigrationView later =
                one.work().migrations().change(alice, migration.id(), schedule -> schedule.withStartAt(at(90_000)));
        assertThat(later.schedule().startAt()).isEqualTo(at(90_000));
        site.pass(60_000);
        one.turn();
        assertThat(show(migration).state()).isEqualTo(State.SCHEDULED);
        MigrationView now = one.work()
                .migrations()
                .change(alice, migration.id(), schedule -> schedule.withStartAt(Optional.empty()));
        assertThat(now.state()).isEqualTo(State.QUEUED);
        one.turn();
        assertThat(show(migration).state()).isEqualTo(State.CONNECTING);
    }

    @Test
    void what_is_not_done_by_its_deadline_has_failed_and_goes_on_with_a_later_one() {
        NewMigration migration = begun(OPTIONS, Schedule.NONE.withDeadline(at(5_000)));
        runs(migration);
        site.pass(5_000);
        two.turn();
        assertThat(show(migration).state()).isEqualTo(State.FAILED);
        assertThat(show(migration).failure().orElseThrow().code()).isEqualTo("DEADLINE");
        one.turn();
        assertThat(one.engine().calls).contains("stop " + migration.id());
        assertRefused(ServiceError.CONFLICT, () -> one.work().migrations().resume(alice, migration.id()));
        assertRefused(ServiceError.CONFLICT, () -> one.work().migrations().retry(alice, migration.id()));
        assertRefused(
                ServiceError.INVALID,
                () -> one.work().migrations().change(alice, migration.id(), schedule -> schedule.withDeadline(at(-1))));

        MigrationView changed =
                one.work().migrations().change(alice, migration.id(), schedule -> schedule.withDeadline(at(60_000)));
        assertThat(changed.state()).isEqualTo(State.FAILED);
        assertThat(one.work().migrations().resume(alice, migration.id()).state())
                .isEqualTo(State.QUEUED);
        one.turn();
        assertThat(show(migration).state()).isEqualTo(State.CONNECTING);
    }

    @Test
    void one_that_pauses_fails_at_its_deadline_too_and_one_that_has_completed_does_not() {
        NewMigration paused = begun(OPTIONS, Schedule.NONE.withDeadline(at(5_000)));
        assertThat(one.work().migrations().pause(alice, paused.id()).state()).isEqualTo(State.PAUSED);
        one.turn();
        NewMigration completed = begun(OPTIONS, Schedule.NONE.withDeadline(at(5_000)));
        one.engine().completes(completed.id());
        one.turn();
        site.pass(60_000);
        one.turn();
        assertThat(show(paused).state()).isEqualTo(State.FAILED);
        assertThat(show(completed).state()).isEqualTo(State.COMPLETED);
        assertRefused(ServiceError.CONFLICT, () -> one.work()
                .migrations()
                .change(alice, completed.id(), schedule -> schedule.withDeadline(at(90_000))));
    }

    @Test
    void a_deadline_in_the_past_is_refused() {
        NewMigration migration = site.migration();
        assertRefused(ServiceError.INVALID, () -> one.work()
                .migrations()
                .create(
                        alice,
                        new NewMigration(
                                migration.id(),
                                migration.psk(),
                                Optional.of(OPTIONS),
                                Schedule.NONE.withDeadline(at(0)))));
    }

    @Test
    void bandwidth_changes_while_it_runs_whichever_process_was_asked() {
        NewMigration migration = begun(OPTIONS, Schedule.NONE);
        runs(migration);
        MigrationView changed =
                two.work().migrations().change(alice, migration.id(), schedule -> schedule.withBandwidth(SLOW));
        assertThat(changed.schedule().bandwidth()).isEqualTo(SLOW);
        one.turn();
        one.turn();
        assertThat(one.engine().calls).containsOnlyOnce("limit " + migration.id() + " 2048");
        MigrationView back = two.work()
                .migrations()
                .change(alice, migration.id(), schedule -> schedule.withBandwidth(Bandwidth.UNLIMITED));
        assertThat(back.state()).isEqualTo(State.RUNNING);
        one.turn();
        assertThat(one.engine().calls).contains("limit " + migration.id() + " none");
    }

    @Test
    void a_timetable_is_followed() {
        Bandwidth timetable = OptionsJson.bandwidth(
                new JsonObject(
                        "{\"bytesPerSecond\":4096,\"timetable\":[{\"from\":\"12:01\",\"to\":\"12:02\",\"bytesPerSecond\":1024}]}"));
        NewMigration migration = begun(OPTIONS, Schedule.NONE.withBandwidth(timetable));
        runs(migration);
        for (int i = 0; i < 30; i++) { // from 12:00 on
            site.pass(5_000);
            one.turn();
            two.turn();
        }
        assertThat(one.engine().calls.stream().filter(call -> call.startsWith("limit")))
                .containsExactly("limit " + migration.id() + " 1024", "limit " + migration.id() + " 4096");
    }

    @Test
    void a_destination_that_is_full_pauses_it_and_says_so() {
        NewMigration migration = begun(OPTIONS, Schedule.NONE);
        runs(migration);
        one.engine().fails(migration.id(), ErrorCode.DESTINATION_FULL, true);
        one.turn();
        MigrationView full = show(migration);
        assertThat(full.state()).isEqualTo(State.PAUSED);
        assertThat(full.failure().orElseThrow().code()).isEqualTo("DESTINATION_FULL");
        assertThat(states(migration)).endsWith(State.PAUSED);
        assertThat(events(migration).get(events(migration).size() - 1).failure())
                .isPresent();
        one.turn();
        assertThat(show(migration).state()).isEqualTo(State.PAUSED);

        assertThat(one.work().migrations().resume(alice, migration.id()).failure())
                .isEmpty();
        one.turn();
        assertThat(show(migration).state()).isEqualTo(State.CONNECTING);
    }

    @Test
    void a_dry_run_ends_with_what_it_found_and_the_same_grant_then_moves_it() {
        NewMigration dry = begun(DRY, Schedule.NONE);
        DryRunTotals found = new DryRunTotals(5, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        runs(dry);
        one.engine().found(dry.id(), found);
        one.turn();
        assertThat(show(dry).state()).isEqualTo(State.COMPLETED);
        assertThat(show(dry).dryRun()).contains(found.with(Estimate.UNKNOWN));
        assertThat(show(dry).hasReceipt()).isFalse();
        assertThat(one.work().migrations().create(alice, dry).fresh()).isFalse();

        NewMigration real = asked(dry, OPTIONS);
        assertThat(two.work().migrations().create(alice, real).fresh()).isTrue();
        two.turn();
        assertThat(show(dry).state()).isEqualTo(State.CONNECTING);
        assertThat(show(dry).dryRun()).isEmpty();
        assertThat(Objects.requireNonNull(two.engine().orders.get(dry.id())).options())
                .isEqualTo(OPTIONS);
        two.engine().completes(dry.id());
        assertThat(show(dry).hasReceipt()).isTrue();
    }

    @Test
    void a_dry_run_that_is_cancelled_as_it_ends_is_cancelled() {
        NewMigration dry = begun(DRY, Schedule.NONE);
        runs(dry);
        one.engine().found(dry.id(), new DryRunTotals(5, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
        two.work().migrations().cancel(alice, dry.id());
        one.turn();
        assertThat(show(dry).state()).isEqualTo(State.CANCELLED);
        assertThat(site.count("SELECT COUNT(*) FROM migration WHERE holder IS NOT NULL"))
                .isZero();
    }

    @Test
    void what_failed_is_tried_again_under_the_same_grant() {
        NewMigration migration = begun(OPTIONS, Schedule.NONE);
        one.engine()
                .destination(
                        migration.id(),
                        MigrationState.RUNNING,
                        new Progress(5, true, 3, 1, 1, 0, 10, 10, 9),
                        Optional.empty());
        one.turn();
        one.engine().completes(migration.id());
        one.engine()
                .destination(
                        migration.id(),
                        MigrationState.COMPLETED,
                        new Progress(5, true, 3, 1, 1, 0, 10, 10, 9),
                        Optional.empty());
        one.turn();
        assertThat(show(migration).state()).isEqualTo(State.COMPLETED);

        assertThat(two.work().migrations().retry(alice, migration.id()).state()).isEqualTo(State.QUEUED);
        assertRefused(ServiceError.CONFLICT, () -> two.work().migrations().retry(alice, migration.id()));
        two.turn();
        assertThat(two.engine().calls).containsExactly("begin " + migration.id());
        two.engine().receipt = new byte[] {4};
        two.engine().completes(migration.id());
        two.turn();
        assertThat(show(migration).progress().objectsFailed()).isZero();
        assertThat(one.work().migrations().receipt(alice, migration.id(), 1)).containsExactly(7, 8, 9);
        assertThat(one.work().migrations().receipt(alice, migration.id(), 2)).containsExactly(4);
        assertThat(one.work().migrations().receipt(alice, migration.id(), 0))
                .as("the newest")
                .containsExactly(4);
        assertRefused(ServiceError.CONFLICT, () -> two.work().migrations().retry(alice, migration.id()));
    }

    @Test
    void nothing_is_tried_again_once_no_grant_can_live_any_more() {
        NewMigration migration = begun(OPTIONS, Schedule.NONE);
        one.engine()
                .destination(
                        migration.id(),
                        MigrationState.RUNNING,
                        new Progress(5, true, 3, 1, 1, 0, 10, 10, 9),
                        Optional.empty());
        one.turn();
        Progress failed = new Progress(5, true, 3, 1, 1, 0, 10, 10, 9);
        one.engine().completes(migration.id());
        one.engine().destination(migration.id(), MigrationState.COMPLETED, failed, Optional.empty());
        one.turn();
        site.pass(8L * 24 * 3_600_000);
        one.turn();
        one.work().tidy();
        assertRefused(ServiceError.CONFLICT, () -> one.work().migrations().retry(alice, migration.id()));
        assertThat(show(migration).state()).isEqualTo(State.COMPLETED);
    }

    @Test
    void a_grant_whose_migration_completed_with_failed_objects_is_offered_again_until_it_expires() {
        NewGrant grant = completedWithFailures();
        assertThat(one.work().grants().show(alice, grant.id()).state()).isEqualTo(GrantView.State.COMPLETED);
        site.pass(5_000);
        one.turn();
        assertThat(one.engine().calls)
                .containsExactly("offer " + grant.id(), "release " + grant.id(), "offer " + grant.id());
        site.pass(2_000);
        one.turn();
        assertThat(one.work().grants().show(alice, grant.id()).state()).isEqualTo(GrantView.State.COMPLETED);

        one.engine().source(grant.id(), GrantState.RUNNING, Optional.empty());
        site.pass(2_000);
        one.turn();
        assertThat(one.work().grants().show(alice, grant.id()).state()).isEqualTo(GrantView.State.RUNNING);
        one.engine().failed = 0;
        one.engine().source(grant.id(), GrantState.COMPLETED, Optional.empty());
        one.turn();
        assertRefused(ServiceError.CONFLICT, () -> one.work().grants().withdraw(alice, grant.id()));
    }

    @Test
    void what_waits_to_be_tried_again_can_be_withdrawn_and_expires_and_has_still_completed() {
        NewGrant withdrawn = completedWithFailures();
        one.work().grants().withdraw(alice, withdrawn.id());
        NewGrant expired = completedWithFailures();
        for (int i = 0; i < 40; i++) {
            site.pass(2_000);
            one.turn();
        }
        for (NewGrant each : List.of(withdrawn, expired)) {
            assertThat(one.work().grants().show(alice, each.id()).state()).isEqualTo(GrantView.State.COMPLETED);
            assertThat(one.work().grants().receipt(alice, each.id(), 0)).containsExactly(1, 2, 3);
        }
        assertThat(site.count("SELECT COUNT(*) FROM grant_offer WHERE psk IS NOT NULL OR ended_at IS NULL"))
                .isZero();
    }

    private NewGrant completedWithFailures() {
        NewGrant grant = site.grant(60);
        assertThat(one.work().grants().create(alice, grant).fresh()).isTrue();
        one.turn();
        one.engine().failed = 1;
        one.engine().source(grant.id(), GrantState.RUNNING, Optional.empty());
        site.pass(2_000);
        one.turn();
        one.engine().source(grant.id(), GrantState.COMPLETED, Optional.empty());
        one.turn();
        return grant;
    }

    private NewMigration begun(MigrationOptions options, Schedule schedule) {
        NewMigration drawn = site.migration();
        NewMigration migration = new NewMigration(drawn.id(), drawn.psk(), Optional.of(options), schedule);
        assertThat(one.work().migrations().create(alice, migration).fresh()).isTrue();
        one.turn();
        return migration;
    }

    private void runs(NewMigration migration) {
        one.engine().destination(migration.id(), MigrationState.RUNNING, Progress.NONE, Optional.empty());
        one.turn();
    }

    private MigrationView show(NewMigration migration) {
        return two.work().migrations().show(alice, migration.id());
    }

    private List<MigrationEvent> events(NewMigration migration) {
        return two.work().migrations().events(alice, migration.id(), 0, 100);
    }

    private List<State> states(NewMigration migration) {
        return events(migration).stream().map(MigrationEvent::state).toList();
    }

    private Optional<Instant> at(long ms) {
        return Optional.of(site.now().plusMillis(ms));
    }

    private static NewMigration asked(NewMigration same, MigrationOptions options) {
        return new NewMigration(same.id(), same.psk(), Optional.of(options), Schedule.NONE);
    }
}
