package io.ferrymesh.provider.work;

import static io.ferrymesh.provider.work.GrantWorkTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.engine.Failure;
import io.ferrymesh.provider.engine.JournalEntry;
import io.ferrymesh.provider.engine.MigrationOrder;
import io.ferrymesh.provider.engine.MigrationState;
import io.ferrymesh.provider.engine.ObjectOutcome;
import io.ferrymesh.provider.engine.Progress;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.MigrationEvent;
import io.ferrymesh.provider.service.MigrationView;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.provider.service.NewMigration;
import io.ferrymesh.provider.service.ReportEntry;
import io.ferrymesh.provider.service.ReportEntry.Outcome;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.work.Site.Node;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Migrations of a provider with two processes. */
@OnEachDatabase
class MigrationWorkTest {

    private static final Progress HALF = new Progress(5, false, 2, 1, 0, 0, 10, 7, 6);

    private final Site site;
    private final Node one;
    private final Node two;
    private final Account alice;
    private final Account bob;

    MigrationWorkTest(TestDatabase databases) {
        site = new Site(databases, account -> GrantWorkTest.untouched());
        one = site.process();
        two = site.process();
        alice = site.account(1);
        bob = site.account(2);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void a_migration_is_driven_by_one_process_with_its_key_and_seen_by_all() {
        NewMigration migration = site.migration();
        assertThat(two.work().migrations().create(alice, migration).migration().state())
                .isEqualTo(State.QUEUED);
        one.turn();
        two.turn();

        assertThat(one.engine().calls).containsExactly("begin " + migration.id());
        assertThat(two.engine().calls).isEmpty();
        assertThat(one.engine().keys.get(migration.id()))
                .isEqualTo(HexFormat.of().formatHex(migration.psk().copy()));
        assertThat(show(two, migration).state()).isEqualTo(State.CONNECTING);
        assertThat(show(two, migration).startedAt()).contains(Site.NOW);
    }

    @Test
    void progress_is_written_once_a_second_and_changes_of_state_at_once() {
        NewMigration migration = begun();
        one.engine().destination(migration.id(), MigrationState.RUNNING, HALF, Optional.empty());
        one.turn();

        MigrationView running = show(two, migration);
        assertThat(running.state()).isEqualTo(State.RUNNING);
        assertThat(running.progress().objectsDone()).isEqualTo(2);
        assertThat(running.progress().bytesMoved()).isEqualTo(7);
        assertThat(running.peer()).contains(FakeEngine.PEER);
        assertThat(running.handshakeMicros()).contains(1_234L);
        assertThat(running.cryptoProvider()).contains("SunJCE");

        Progress more = new Progress(5, true, 4, 1, 0, 0, 10, 10, 9);
        one.engine().destination(migration.id(), MigrationState.RUNNING, more, Optional.empty());
        site.pass(500);
        one.turn();
        assertThat(show(two, migration).progress().objectsDone()).isEqualTo(2);
        site.pass(500);
        one.turn();
        assertThat(show(two, migration).progress().objectsDone()).isEqualTo(4);
        assertThat(show(two, migration).progress().listingComplete()).isTrue();
    }

    @Test
    void completion_is_durable_as_soon_as_the_engine_has_the_receipt() {
        NewMigration migration = begun();
        one.engine().completes(migration.id());

        MigrationView completed = show(two, migration);
        assertThat(completed.state()).isEqualTo(State.COMPLETED);
        assertThat(completed.merkleRoot()).contains(FakeEngine.ROOT);
        assertThat(two.work().migrations().receipt(alice, migration.id(), 0)).containsExactly(7, 8, 9);
        assertThat(keyIsThere(migration)).isFalse();

        one.turn();
        assertThat(show(two, migration).progress().objectsDone()).isEqualTo(4);
        assertThat(held()).isZero();
        site.outlive(two);
        assertThat(two.engine().calls).isEmpty();
    }

    @Test
    void the_migration_of_a_dead_process_is_driven_on_by_another() {
        NewMigration migration = begun();
        one.engine().destination(migration.id(), MigrationState.RUNNING, HALF, Optional.empty());
        one.turn();

        site.outlive(two);

        assertThat(two.engine().calls).containsExactly("begin " + migration.id());
        assertThat(two.engine().keys.get(migration.id()))
                .isEqualTo(HexFormat.of().formatHex(migration.psk().copy()));
        two.engine().completes(migration.id());
        assertThat(show(two, migration).state()).isEqualTo(State.COMPLETED);
    }

    @Test
    void a_single_process_that_starts_again_goes_on_by_itself() {
        NewMigration migration = begun();
        Node again = site.process();

        site.outlive(again);

        assertThat(again.engine().calls).containsExactly("begin " + migration.id());
    }

    @Test
    void what_an_earlier_driver_writes_is_refused() {
        NewMigration migration = begun();
        MigrationOrder stale = order(one, migration);
        site.outlive(two);

        assertThatThrownBy(() -> stale.journal().add(List.of(outcome("a", ObjectOutcome.Kind.ARRIVED))))
                .isInstanceOfSatisfying(
                        MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
        one.engine().fails(migration.id(), ErrorCode.DESTINATION_FAILED, true);
        one.work().look();

        assertThat(show(two, migration).state()).isEqualTo(State.CONNECTING);
        assertThat(two.work().migrations().report(alice, migration.id(), 0, 10)).isEmpty();
    }

    @Test
    void a_process_that_cannot_show_that_it_lives_stops_before_another_goes_on() {
        NewMigration migration = begun();
        site.pass(6_665);
        one.work().look();
        assertThat(one.engine().calls).containsExactly("begin " + migration.id());

        site.pass(1);
        one.work().look();

        assertThat(one.engine().calls).endsWith("stop " + migration.id());
        two.turn();
        assertThat(two.engine().calls).isEmpty();
        site.outlive(one, two);
        assertThat(runs()).isEqualTo(1);
    }

    @Test
    void a_process_that_was_taken_for_dead_drives_nothing_until_it_is_somebody_new() {
        NewMigration migration = begun();
        site.outlive(two);

        one.turn();

        assertThat(one.engine().calls).endsWith("stop " + migration.id());
        assertThat(runs()).isEqualTo(1);
        NewMigration next = site.migration();
        assertThat(one.work().migrations().create(alice, next).fresh()).isTrue();
        one.turn();
        assertThat(one.engine().orders).containsOnlyKeys(next.id());
    }

    @Test
    void a_receipt_that_both_have_signed_counts_whoever_drives_by_now() {
        NewMigration migration = begun();
        MigrationOrder stale = order(one, migration);
        site.outlive(two);

        stale.receipts().keep(new byte[] {1}, FakeEngine.ROOT);

        assertThat(show(two, migration).state()).isEqualTo(State.COMPLETED);
        two.turn();
        assertThat(two.engine().calls).endsWith("stop " + migration.id());
        assertThat(held()).isZero();
        assertThat(two.work().migrations().receipt(alice, migration.id(), 0)).containsExactly(1);
    }

    @Test
    void hand_over_lets_another_go_on_at_once() {
        NewMigration migration = begun();

        one.work().handOver();
        two.turn();

        assertThat(one.engine().calls).endsWith("stop " + migration.id());
        assertThat(two.engine().calls).containsExactly("begin " + migration.id());
    }

    @Test
    void pausing_at_another_process_stops_it_where_it_runs_and_resuming_goes_on() {
        NewMigration migration = begun();
        one.engine().destination(migration.id(), MigrationState.RUNNING, HALF, Optional.empty());
        one.turn();

        assertThat(two.work().migrations().pause(alice, migration.id()).state()).isEqualTo(State.PAUSED);
        assertThat(two.work().migrations().pause(alice, migration.id()).state()).isEqualTo(State.PAUSED);
        one.turn();

        assertThat(one.engine().calls).endsWith("stop " + migration.id());
        assertThat(held()).isZero();
        assertThat(keyIsThere(migration)).isTrue();
        assertThat(show(one, migration).progress().objectsDone()).isEqualTo(2);
        site.outlive(one, two);
        assertThat(runs()).isZero();

        assertThat(two.work().migrations().resume(alice, migration.id()).state())
                .isEqualTo(State.QUEUED);
        two.turn();
        assertThat(two.engine().calls).containsExactly("begin " + migration.id());
    }

    @Test
    void resuming_before_the_pause_was_noticed_begins_a_new_run_after_the_old_one() {
        NewMigration migration = begun();

        MigrationView paused = two.work().migrations().pause(alice, migration.id());
        MigrationView resumed = two.work().migrations().resume(alice, migration.id());
        two.turn();
        assertThat(two.engine().calls).isEmpty();
        one.turn();

        assertThat(paused.state()).isEqualTo(State.PAUSED);
        assertThat(resumed.state()).isEqualTo(State.QUEUED);
        assertThat(one.engine().calls)
                .containsExactly("begin " + migration.id(), "stop " + migration.id(), "begin " + migration.id());
    }

    @Test
    void a_cancelled_migration_stops_for_good() {
        NewMigration migration = begun();

        two.work().migrations().cancel(alice, migration.id());
        two.work().migrations().cancel(alice, migration.id());
        assertThat(show(two, migration).state()).isEqualTo(State.CANCELLED);
        assertThat(keyIsThere(migration)).isFalse();
        MigrationOrder order = order(one, migration);
        one.turn();

        assertThat(one.engine().calls).endsWith("stop " + migration.id());
        assertRefused(ServiceError.CONFLICT, () -> one.work().migrations().resume(alice, migration.id()));
        assertRefused(ServiceError.CONFLICT, () -> one.work().migrations().pause(alice, migration.id()));
        assertThatThrownBy(() -> order.receipts().keep(new byte[] {1}, FakeEngine.ROOT))
                .isInstanceOf(MeshException.class);
        assertThat(show(two, migration).state()).isEqualTo(State.CANCELLED);
    }

    @Test
    void a_completed_migration_can_be_neither_paused_resumed_nor_cancelled() {
        NewMigration migration = begun();
        one.engine().completes(migration.id());

        assertRefused(ServiceError.CONFLICT, () -> two.work().migrations().pause(alice, migration.id()));
        assertRefused(ServiceError.CONFLICT, () -> two.work().migrations().resume(alice, migration.id()));
        assertRefused(ServiceError.CONFLICT, () -> two.work().migrations().cancel(alice, migration.id()));
    }

    @Test
    void a_lost_source_is_tried_again_a_few_times_and_then_it_has_failed() {
        NewMigration migration = begun();
        for (int i = 0; i < 3; i++) {
            one.engine().fails(migration.id(), ErrorCode.PEER_LOST, true);
            one.turn();
            assertThat(show(two, migration).state()).isEqualTo(State.QUEUED);
            site.pass(4_000);
            one.turn();
            assertThat(show(two, migration).state()).isEqualTo(State.CONNECTING);
        }

        one.engine().fails(migration.id(), ErrorCode.PEER_LOST, true);
        one.turn();

        MigrationView failed = show(two, migration);
        assertThat(failed.state()).isEqualTo(State.FAILED);
        assertThat(failed.failure().orElseThrow().code()).isEqualTo("PEER_LOST");
        assertThat(failed.finishedAt()).isPresent();
        assertThat(one.engine().calls)
                .filteredOn(call -> call.startsWith("begin"))
                .hasSize(4);
        assertThat(two.work().migrations().resume(alice, migration.id()).failure())
                .isEmpty();
        one.turn();
        assertThat(show(two, migration).state()).isEqualTo(State.CONNECTING);
    }

    @Test
    void a_run_that_brought_something_is_no_failure_in_a_row() {
        NewMigration migration = begun();
        for (int i = 0; i < 10; i++) {
            breaksOff(migration);
            assertThat(show(two, migration).state()).isEqualTo(State.QUEUED);
            assertThat(site.count("SELECT retries FROM migration")).isLessThanOrEqualTo(3);
            site.pass(4_000);
            one.turn();
        }
        for (int i = 0; i < 3; i++) {
            site.outlive(one);
        }
        breaksOff(migration);
        assertThat(site.count("SELECT retries FROM migration"))
                .as("after a long run")
                .isEqualTo(1);
    }

    private void breaksOff(NewMigration migration) {
        one.engine().orders.remove(migration.id());
        one.engine()
                .destination(
                        migration.id(),
                        MigrationState.FAILED,
                        HALF,
                        Optional.of(new Failure(ErrorCode.PEER_LOST, "it is gone")));
        one.turn();
    }

    @Test
    void a_row_that_cannot_be_read_keeps_no_other_from_its_turn() {
        NewMigration damaged = site.migration();
        assertThat(one.work().migrations().create(alice, damaged).fresh()).isTrue();
        int unused = site.database.transaction(
                handle -> handle.execute("UPDATE migration SET options = '{\"conflict\":\"NO SUCH\"}'"));
        site.pass(1);
        NewMigration next = begun();

        assertThat(one.engine().orders).containsOnlyKeys(next.id());
        assertThat(site.value(String.class, "SELECT state FROM migration WHERE id = :id", damaged.id()))
                .isEqualTo("FAILED");
        int changed = site.database.transaction(handle ->
                handle.execute("UPDATE migration SET bandwidth = '[]', changed = 1 WHERE holder IS NOT NULL"));
        one.engine().destination(next.id(), MigrationState.RUNNING, HALF, Optional.empty());
        one.turn();
        assertThat(changed).isEqualTo(1);
        assertThat(site.value(String.class, "SELECT state FROM migration WHERE id = :id", next.id()))
                .isEqualTo("RUNNING");
    }

    @Test
    void a_key_that_was_followed_by_another_and_a_listing_that_failed_only_take_time() {
        NewMigration migration = begun();
        for (ErrorCode code : List.of(ErrorCode.KEY_RETIRED, ErrorCode.SOURCE_UNREADABLE)) {
            one.engine().fails(migration.id(), code, true);
            one.turn();
            assertThat(show(two, migration).state()).isEqualTo(State.QUEUED);
            site.pass(4_000);
            one.turn();
        }
    }

    @Test
    void what_would_fail_again_is_not_tried_again() {
        NewMigration migration = begun();
        one.engine().fails(migration.id(), ErrorCode.REVOKED, false);
        one.turn();

        assertThat(show(two, migration).state()).isEqualTo(State.FAILED);
        assertRefused(ServiceError.CONFLICT, () -> two.work().migrations().pause(alice, migration.id()));
    }

    @Test
    void a_stranger_that_refuses_is_asked_three_times_more() {
        NewMigration migration = begun();
        for (int tries = 0; tries < 3; tries++) {
            one.engine().fails(migration.id(), ErrorCode.HANDSHAKE_REFUSED, false);
            one.turn();
            assertThat(show(two, migration).state()).isEqualTo(State.QUEUED);
            site.pass(5_000);
            one.turn();
            assertThat(show(two, migration).state()).isEqualTo(State.CONNECTING);
        }
        one.engine().fails(migration.id(), ErrorCode.HANDSHAKE_REFUSED, false);
        one.turn();

        assertThat(show(two, migration).state()).isEqualTo(State.FAILED);
    }

    @Test
    void an_engine_that_does_not_begin_is_asked_again_later() {
        one.engine().refusal = new MeshException(ErrorCode.OVERLOADED, "too many");
        NewMigration migration = begun();
        one.engine().orders.remove(migration.id());
        one.turn();
        assertThat(show(two, migration).state()).isEqualTo(State.QUEUED);

        passSeconds(20);

        assertThat(one.engine().calls).hasSize(2);
        assertThat(show(two, migration).state()).isEqualTo(State.CONNECTING);
    }

    @Test
    void a_source_with_too_much_to_do_is_asked_again_however_often_it_says_so() {
        NewMigration migration = begun();
        for (int i = 1; i <= 30; i++) { // far more than maxRetries
            one.engine().fails(migration.id(), ErrorCode.OVERLOADED, false);
            one.turn();
            assertThat(show(two, migration).state()).as("after %d times", i).isEqualTo(State.QUEUED);
            passSeconds(9);
            assertThat(show(two, migration).state()).isEqualTo(State.QUEUED);
            passSeconds(11);
            assertThat(show(two, migration).state()).isEqualTo(State.CONNECTING);
        }
        one.engine().fails(migration.id(), ErrorCode.UNAVAILABLE, false);
        one.turn();

        assertThat(show(two, migration).state()).as("its retries are all left").isEqualTo(State.QUEUED);
    }

    @Test
    void a_process_claims_no_more_than_its_engine_can_hold() {
        one.engine().room = false;
        NewMigration migration = begun();
        assertThat(show(two, migration).state()).isEqualTo(State.QUEUED);
        assertThat(one.engine().calls).isEmpty();

        one.engine().room = true;
        one.turn();

        assertThat(show(two, migration).state()).isEqualTo(State.CONNECTING);
    }

    private void passSeconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            site.pass(1_000);
            one.turn();
        }
    }

    @Test
    void every_change_of_state_is_an_event_wherever_it_came_from() {
        NewMigration migration = begun();
        one.engine().destination(migration.id(), MigrationState.RUNNING, HALF, Optional.empty());
        one.turn();
        MigrationView paused = two.work().migrations().pause(alice, migration.id());
        one.turn();
        MigrationView resumed = two.work().migrations().resume(alice, migration.id());
        two.turn();
        two.engine().fails(migration.id(), ErrorCode.REVOKED, true);
        two.turn();

        List<MigrationEvent> events = one.work().migrations().events(alice, migration.id(), 0, 100);
        assertThat(events).extracting(MigrationEvent::number).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(events)
                .extracting(MigrationEvent::state)
                .containsExactly(
                        State.QUEUED,
                        State.CONNECTING,
                        State.RUNNING,
                        State.PAUSED,
                        State.QUEUED,
                        State.CONNECTING,
                        State.FAILED);
        assertThat(events.get(6).failure().orElseThrow().code()).isEqualTo("REVOKED");
        assertThat(one.work().migrations().events(alice, migration.id(), 5, 1)).containsExactly(events.get(5));
        assertThat(paused.state()).isNotEqualTo(resumed.state());
    }

    @Test
    void the_report_says_of_each_object_once_what_became_of_it_over_all_runs() {
        NewMigration migration = begun();
        order(one, migration)
                .journal()
                .add(List.of(
                        outcome("a", ObjectOutcome.Kind.ARRIVED),
                        outcome("b", ObjectOutcome.Kind.FAILED),
                        outcome("c", ObjectOutcome.Kind.ALREADY_THERE)));
        site.outlive(two);
        order(two, migration)
                .journal()
                .add(List.of(
                        outcome("a", ObjectOutcome.Kind.ALREADY_THERE),
                        outcome("b", ObjectOutcome.Kind.ARRIVED),
                        outcome("link", ObjectOutcome.Kind.SKIPPED)));

        List<ReportEntry> report = one.work().migrations().report(alice, migration.id(), 0, 100);
        assertThat(report).extracting(ReportEntry::path).containsExactly("a", "b", "c", "link");
        assertThat(report)
                .extracting(ReportEntry::outcome)
                .containsExactly(Outcome.ARRIVED, Outcome.ARRIVED, Outcome.ALREADY_THERE, Outcome.SKIPPED);
        assertThat(report.get(0).sha256()).contains("ab".repeat(32));
        assertThat(report.get(1).code()).isEmpty();
        assertThat(report.get(3).code()).contains("SKIPPED_BECAUSE");
        assertThat(report).extracting(ReportEntry::number).isSorted().doesNotHaveDuplicates();
        assertThat(one.work()
                        .migrations()
                        .report(alice, migration.id(), report.get(1).number(), 1))
                .containsExactly(report.get(2));
    }

    @Test
    void the_report_is_bounded_and_takes_any_name() {
        NewMigration migration = begun();
        order(one, migration).journal().add(List.of(outcome("NUL \0 inside", ObjectOutcome.Kind.SKIPPED)));
        List<JournalEntry> many = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            many.add(outcome("x".repeat(3_990) + i, ObjectOutcome.Kind.ARRIVED));
        }
        order(one, migration).journal().add(many);
        order(one, migration).journal().add(many.subList(0, 500));

        assertThat(two.work().migrations().report(alice, migration.id(), 0, 1_000))
                .hasSize(501)
                .first()
                .extracting(ReportEntry::path)
                .isEqualTo("NUL \uFFFD inside");
    }

    @Test
    void a_report_is_bounded_and_as_many_again_that_failed_are_kept() {
        NewMigration migration = reported("x", 1_100);
        assertThat(rows()).isEqualTo(1_000);

        order(one, migration).journal().add(outcomes("failed", 1_100, ObjectOutcome.Kind.FAILED));
        order(one, migration).journal().add(List.of(outcome("x0", ObjectOutcome.Kind.FAILED)));

        assertThat(rows()).isEqualTo(2_000);
        assertThat(site.count("SELECT COUNT(*) FROM migration_object WHERE path LIKE 'failed%'"))
                .isEqualTo(1_000);
        assertThat(site.count("SELECT report_rows FROM migration")).isEqualTo(2_000);
        assertThat(site.count("SELECT SUM(objects) FROM report_size")).isEqualTo(2_000);
        assertThat(one.work().migrations().report(alice, migration.id(), 0, 1))
                .extracting(ReportEntry::outcome)
                .containsExactly(Outcome.FAILED);
    }

    @Test
    void the_reports_of_an_account_are_bounded_together_and_make_room_unless_they_belong_to_a_receipt() {
        NewMigration signed = reported("signed", 600);
        one.engine().completes(signed.id());
        one.turn();
        NewMigration unsigned = reported("unsigned", 300);
        one.engine().fails(unsigned.id(), ErrorCode.REVOKED, true);
        one.turn();
        NewMigration running = reported("running", 10);
        int unused = site.database.transaction(handle -> handle.execute("UPDATE report_size SET objects = 9990"));

        order(one, running).journal().add(outcomes("more", 200));

        assertThat(one.work().migrations().report(alice, unsigned.id(), 0, 1)).isEmpty();
        assertThat(one.work().migrations().report(alice, signed.id(), 0, 1_000)).hasSize(600);
        assertThat(site.count("SELECT objects FROM report_size")).isEqualTo(9_890);

        order(one, running).journal().add(outcomes("too many", 200));
        order(one, running).journal().add(outcomes("failed", 200, ObjectOutcome.Kind.FAILED));

        assertThat(one.work().migrations().report(alice, signed.id(), 0, 1_000)).hasSize(600);
        assertThat(rows()).isEqualTo(600 + 10 + 200 + 200);
    }

    private NewMigration reported(String name, int count) {
        NewMigration migration = begun();
        order(one, migration).journal().add(outcomes(name, count));
        return migration;
    }

    private static List<JournalEntry> outcomes(String name, int count) {
        return outcomes(name, count, ObjectOutcome.Kind.ARRIVED);
    }

    private static List<JournalEntry> outcomes(String name, int count, ObjectOutcome.Kind kind) {
        return IntStream.range(0, count).mapToObj(i -> outcome(name + i, kind)).toList();
    }

    private long rows() {
        return site.count("SELECT COUNT(*) FROM migration_object");
    }

    @Test
    void clocks_that_are_set_neither_keep_a_silent_process_alive_nor_bury_a_living_one() {
        NewMigration migration = begun();
        site.setClocks(3_600_000);
        one.turn();
        two.turn();
        assertThat(site.count("SELECT COUNT(*) FROM instance")).isEqualTo(2);
        assertThat(one.engine().calls).containsExactly("begin " + migration.id());

        site.setClocks(-7_200_000);
        site.pass(7_000);
        one.work().look();

        assertThat(one.engine().calls).endsWith("stop " + migration.id());
    }

    @Test
    void a_process_that_may_not_work_any_more_stops_while_its_database_is_away() {
        NewMigration migration = begun();
        site.database.close();
        one.work().watch();
        assertThat(one.engine().calls).containsExactly("begin " + migration.id());

        site.pass(7_000);
        one.work().watch();

        assertThat(one.engine().calls).endsWith("stop " + migration.id());
    }

    @Test
    void no_other_process_begins_what_is_paused_and_resumed_before_the_first_has_stopped() {
        NewMigration migration = begun();
        Promise<Void> stopped = Promise.promise();
        one.engine().stopping = stopped.future();
        assertThat(two.work().migrations().pause(alice, migration.id()).state()).isEqualTo(State.PAUSED);
        one.turn();
        assertThat(two.work().migrations().resume(alice, migration.id()).state())
                .isEqualTo(State.QUEUED);
        one.turn();
        two.turn();
        assertThat(one.engine().calls).containsExactly("begin " + migration.id(), "stop " + migration.id());
        assertThat(two.engine().calls).isEmpty();

        stopped.complete();
        one.work().look();
        two.turn();

        assertThat(runs()).isEqualTo(1);
        assertThat(held()).isEqualTo(1);
    }

    @Test
    void no_other_process_begins_what_failed_before_the_first_touches_nothing_any_more() {
        NewMigration migration = begun();
        Promise<Void> stopped = Promise.promise();
        one.engine().stopping = stopped.future();
        one.engine().fails(migration.id(), ErrorCode.PEER_LOST, true);
        one.turn();
        site.pass(5_000);
        one.turn();
        two.turn();
        assertThat(two.engine().calls).isEmpty();
        assertThat(held()).isEqualTo(1);

        stopped.complete();
        one.turn();
        assertThat(show(two, migration).state()).isEqualTo(State.QUEUED);
        site.pass(1_000);
        two.turn();

        assertThat(two.engine().calls).containsExactly("begin " + migration.id());
    }

    @Test
    void an_account_has_only_so_many_running_and_the_others_wait_their_turn() {
        List<NewMigration> migrations = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            migrations.add(site.migration());
            assertThat(one.work().migrations().create(alice, migrations.get(i)).fresh())
                    .isTrue();
            site.pass(1);
        }
        NewMigration others = site.migration();
        assertThat(two.work().migrations().create(bob, others).fresh()).isTrue();
        one.turn();
        two.turn();

        assertThat(one.engine().orders.keySet())
                .containsExactlyInAnyOrder(
                        migrations.get(0).id(),
                        migrations.get(1).id(),
                        migrations.get(2).id(),
                        others.id());
        assertThat(two.engine().orders).isEmpty();
        assertThat(show(two, migrations.get(4)).state()).isEqualTo(State.QUEUED);

        one.engine().completes(migrations.get(1).id());
        one.turn();
        assertThat(one.engine().orders).containsKey(migrations.get(3).id());
    }

    @Test
    void a_process_drives_only_so_many_and_another_takes_the_rest() {
        for (int account = 3; account < 8; account++) {
            assertThat(one.work()
                            .migrations()
                            .create(site.account(account), site.migration())
                            .fresh())
                    .isTrue();
        }
        one.turn();
        two.turn();

        assertThat(one.engine().orders).hasSize(4);
        assertThat(two.engine().orders).hasSize(1);
    }

    @Test
    void the_same_again_is_no_error_and_anything_else_is() {
        NewMigration migration = begun();

        assertThat(two.work().migrations().create(alice, migration).fresh()).isFalse();
        assertRefused(ServiceError.CONFLICT, () -> two.work()
                .migrations()
                .create(alice, new NewMigration(migration.id(), site.migration().psk())));
        assertRefused(ServiceError.CONFLICT, () -> two.work().migrations().create(bob, migration));
    }

    @Test
    void nobody_sees_or_moves_the_migrations_of_others() {
        NewMigration migration = begun();

        assertRefused(ServiceError.NOT_FOUND, () -> two.work().migrations().show(bob, migration.id()));
        assertRefused(ServiceError.NOT_FOUND, () -> two.work().migrations().pause(bob, migration.id()));
        assertRefused(ServiceError.NOT_FOUND, () -> two.work().migrations().resume(bob, migration.id()));
        assertRefused(ServiceError.NOT_FOUND, () -> two.work().migrations().cancel(bob, migration.id()));
        assertRefused(ServiceError.NOT_FOUND, () -> two.work().migrations().receipt(bob, migration.id(), 0));
        assertRefused(ServiceError.NOT_FOUND, () -> two.work().migrations().report(bob, migration.id(), 0, 1));
        assertRefused(ServiceError.NOT_FOUND, () -> two.work().migrations().events(bob, migration.id(), 0, 1));
        assertThat(two.work().migrations().list(bob, Optional.empty(), 10).items())
                .isEmpty();
        assertThat(two.work().migrations().list(alice, Optional.empty(), 10).items())
                .extracting(MigrationView::id)
                .containsExactly(migration.id());
    }

    @Test
    void a_failed_migration_is_resumed_only_if_there_is_room_for_it() {
        NewMigration failed = begun();
        one.engine().fails(failed.id(), ErrorCode.REVOKED, false);
        one.turn();
        NewMigration paused = begun();
        assertThat(one.work().migrations().pause(alice, paused.id()).state()).isEqualTo(State.PAUSED);
        for (int i = 0; i < 9; i++) {
            assertThat(one.work().migrations().create(alice, site.migration()).fresh())
                    .isTrue();
        }

        assertRefused(ServiceError.OVERLOADED, () -> two.work().migrations().resume(alice, failed.id()));
        assertThat(show(one, failed).state()).isEqualTo(State.FAILED);
        assertThat(two.work().migrations().resume(alice, paused.id()).state()).isEqualTo(State.QUEUED);
        two.work().migrations().cancel(alice, paused.id());
        assertThat(two.work().migrations().resume(alice, failed.id()).state()).isEqualTo(State.QUEUED);
    }

    private NewMigration begun() {
        NewMigration migration = site.migration();
        assertThat(one.work().migrations().create(alice, migration).fresh()).isTrue();
        one.turn();
        return migration;
    }

    private static MigrationOrder order(Node process, NewMigration migration) {
        return Objects.requireNonNull(process.engine().orders.get(migration.id()));
    }

    private static JournalEntry outcome(String path, ObjectOutcome.Kind kind) {
        boolean fine = kind == ObjectOutcome.Kind.ARRIVED || kind == ObjectOutcome.Kind.ALREADY_THERE;
        return JournalEntry.of(new ObjectOutcome(
                path,
                kind,
                fine ? Optional.empty() : Optional.of(kind + "_BECAUSE"),
                OptionalLong.of(3),
                fine ? Optional.of(FakeEngine.ROOT) : Optional.empty()));
    }

    private MigrationView show(Node process, NewMigration migration) {
        return process.work().migrations().show(alice, migration.id());
    }

    private int runs() {
        return one.engine().orders.size() + two.engine().orders.size();
    }

    private long held() {
        return site.count("SELECT COUNT(*) FROM migration WHERE holder IS NOT NULL");
    }

    private boolean keyIsThere(NewMigration migration) {
        return site.value(
                        Long.class, "SELECT COUNT(*) FROM migration WHERE id = :id AND psk IS NOT NULL", migration.id())
                == 1;
    }
}
