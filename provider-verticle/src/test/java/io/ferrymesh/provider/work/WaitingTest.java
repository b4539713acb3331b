package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.provider.engine.MigrationState;
import io.ferrymesh.provider.engine.Progress;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.MigrationEvent;
import io.ferrymesh.provider.service.MigrationView;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.provider.service.NewMigration;
import io.ferrymesh.provider.work.Site.Node;
import io.ferrymesh.scheme.MigrationId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Migrations that wait: for a source, for their turn, for the key centre; and what is said of it. */
@OnEachDatabase
class WaitingTest {

    private static final int MINUTE = 60_000;

    private final Site site;
    private final Node node;
    private final Account alice;

    WaitingTest(TestDatabase databases) {
        site = new Site(databases, account -> GrantWorkTest.untouched());
        node = site.process();
        alice = site.account(1);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void the_key_centre_s_quota_is_waited_for_however_long_that_takes() {
        MigrationId id = begun(alice);
        for (int i = 0; i < 5; i++) { // more than maxRetries
            fails(id, ErrorCode.QUOTA_EXCEEDED);
            assertThat(state(id)).isEqualTo(State.QUEUED);
            pass(3 * MINUTE);
            assertThat(state(id)).as("nobody asks every second").isEqualTo(State.QUEUED);
            passUntilItConnects(id);
        }
        assertThat(site.count("SELECT retries FROM migration")).isZero();
    }

    @Test
    void a_source_that_is_nowhere_yet_is_looked_for_again() {
        MigrationId id = begun(alice);
        fails(id, ErrorCode.GRANT_UNKNOWN);

        assertThat(state(id)).isEqualTo(State.QUEUED);
        pass(2_000);
        assertThat(state(id)).isEqualTo(State.CONNECTING);
    }

    @Test
    void what_nobody_expected_is_tried_again_after_a_long_wait() {
        MigrationId id = begun(alice);
        fails(id, ErrorCode.INTERNAL);
        assertThat(state(id)).isEqualTo(State.QUEUED);
        pass(3 * MINUTE);
        assertThat(state(id)).isEqualTo(State.QUEUED);
        passUntilItConnects(id);
    }

    @Test
    void a_peer_that_is_away_for_days_is_asked_every_five_minutes_until_its_grant_is_over() {
        Retrying retrying = new Retrying(WorkOptions.defaults().maxRetries(), new Random(1));
        long waited = 0;
        long lastDay = 0;
        int retries = 0;
        while (retrying.afterMs(ErrorCode.PEER_LOST, retries, true).isPresent()) {
            long wait = retrying.afterMs(ErrorCode.PEER_LOST, retries, true).getAsLong();
            assertThat(wait).isLessThanOrEqualTo(5 * MINUTE);
            waited += wait + MINUTE / 2; // which it takes to find that out
            lastDay += waited < 24 * 60 * MINUTE ? 1 : 0;
            retries++;
        }

        assertThat(waited).isGreaterThan(7L * 24 * 60 * MINUTE);
        assertThat(lastDay).as("attempts in a day").isLessThan(350);
        assertThat(retrying.afterMs(ErrorCode.HANDSHAKE_REFUSED, 10, false)).isEmpty();
        assertThat(retrying.afterMs(ErrorCode.INTERNAL, 5, true)).isEmpty();
        assertThat(retrying.afterMs(ErrorCode.REVOKED, 0, true)).isEmpty();
    }

    @Test
    void why_it_waits_is_told_once_and_shown_until_it_runs() {
        MigrationId id = begun(alice);
        for (int i = 0; i < 20; i++) {
            fails(id, ErrorCode.OVERLOADED);
            MigrationView waits = show(id);
            assertThat(waits.failure().orElseThrow().code()).isEqualTo("OVERLOADED");
            assertThat(waits.retryAt().orElseThrow())
                    .isBetween(site.now().plusSeconds(10), site.now().plusSeconds(20));
            pass(20_000);
            assertThat(state(id)).isEqualTo(State.CONNECTING);
        }
        fails(id, ErrorCode.UNAVAILABLE);
        pass(2_000);
        node.engine().destination(id, MigrationState.RUNNING, Progress.NONE, Optional.empty());
        node.turn();

        assertThat(show(id).failure()).isEmpty();
        assertThat(show(id).retryAt()).isEmpty();
        List<MigrationEvent> events = node.work().migrations().events(alice, id, 0, 100);
        assertThat(events)
                .extracting(MigrationEvent::state)
                .containsExactly(State.QUEUED, State.CONNECTING, State.QUEUED, State.QUEUED, State.RUNNING);
        assertThat(events.get(2).failure().orElseThrow().code()).isEqualTo("OVERLOADED");
        assertThat(events.get(3).failure().orElseThrow().code()).isEqualTo("UNAVAILABLE");
        assertThat(site.count("SELECT COUNT(*) FROM audit_entry")).isEqualTo(5);
    }

    @Test
    void what_waits_for_hours_is_said_to_have_waited_so_long() {
        MigrationId id = begun(alice);
        for (int i = 0; i < 30; i++) {
            fails(id, ErrorCode.OVERLOADED);
            pass(20_000);
        }
        node.work().count();

        assertThat(state(id)).isEqualTo(State.CONNECTING);
        assertThat(node.work().figures().oldestQueuedSeconds()).isEqualTo(600);
    }

    @Test
    void migrations_from_a_provider_that_is_away_leave_places_to_those_of_others() {
        List<MigrationId> away = new ArrayList<>();
        for (int account = 2; account < 12; account++) {
            away.add(create(site.account(account)));
        }
        for (int i = 0; i < 3; i++) { // each of them has had its turn, and found nobody
            node.turn();
            List.copyOf(node.engine().orders.keySet())
                    .forEach(each -> node.engine().fails(each, ErrorCode.PEER_LOST, false));
            node.turn();
        }
        pass(10_000);
        assertThat(connecting()).as("half of the four places").isEqualTo(2);

        MigrationId fresh = begun(alice);

        assertThat(state(fresh)).isEqualTo(State.CONNECTING);
        assertThat(away).hasSize(10);
    }

    @Test
    void an_account_that_has_none_running_comes_before_one_that_has() {
        Account bob = site.account(2);
        List<MigrationId> of = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            of.add(create(alice));
            site.pass(1);
        }
        site.pass(1);
        for (int i = 0; i < 3; i++) {
            of.add(create(bob));
            site.pass(1);
        }
        node.turn(); // four places

        assertThat(of.stream()
                        .filter(node.engine().orders::containsKey)
                        .map(of::indexOf)
                        .toList())
                .as("of each two, the older ones first")
                .containsExactly(0, 1, 5, 6);
    }

    @Test
    void one_that_never_gets_further_than_connecting_is_ended_too() {
        MigrationId id = begun(alice);
        for (int i = 0; i < 59; i++) {
            pass(1_000);
        }
        assertThat(state(id)).isEqualTo(State.CONNECTING);
        pass(1_000);

        assertThat(node.engine().calls).contains("stop " + id);
        assertThat(state(id)).isEqualTo(State.QUEUED);
        assertThat(show(id).failure().orElseThrow().code()).isEqualTo("PEER_LOST");
    }

    /** Ten thousand that wait are not read one after the other to find whose turn it is. */
    @Test
    void whose_turn_it_is_is_read_from_the_indexes() {
        List<String> plan = site.database.read(handle -> {
            if (!isSqlite(handle)) { // an empty table is scanned there, whatever its indexes are
                return List.of("migration_due_of_account", "migration_due");
            }
            List<String> all = new ArrayList<>();
            for (String sql : List.of(MigrationQueue.ANY, MigrationQueue.HEADS)) {
                all.addAll(handle.createQuery("EXPLAIN QUERY PLAN " + sql)
                        .bind("again", 0)
                        .bind("now", 0)
                        .bind("most", 4)
                        .bind("limit", 8)
                        .map((row, context) -> row.getString("detail"))
                        .list());
            }
            return all;
        });

        assertThat(plan).noneMatch(step -> step.startsWith("SCAN migration"));
        assertThat(plan).anyMatch(step -> step.contains("migration_due_of_account"));
        assertThat(plan).anyMatch(step -> step.endsWith("migration_due") || step.contains("migration_due ("));
    }

    private static boolean isSqlite(Handle handle) {
        try {
            return handle.getConnection().getMetaData().getURL().startsWith("jdbc:sqlite:");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void fails(MigrationId id, ErrorCode code) {
        node.engine().fails(id, code, false);
        node.turn();
    }

    /** A few seconds at a time, so that the process shows that it lives. */
    private void pass(int ms) {
        for (int left = ms; left > 0; left -= 5_000) {
            site.pass(Math.min(left, 5_000));
            node.turn();
        }
    }

    /** Which is within two minutes. */
    private void passUntilItConnects(MigrationId id) {
        for (int left = 2 * MINUTE; left > 0 && state(id) == State.QUEUED; left -= 5_000) {
            pass(5_000);
        }
        assertThat(state(id)).isEqualTo(State.CONNECTING);
    }

    private long connecting() {
        return site.count("SELECT COUNT(*) FROM migration WHERE state = 'CONNECTING'");
    }

    private MigrationId begun(Account account) {
        MigrationId id = create(account);
        node.turn();
        return id;
    }

    private MigrationId create(Account account) {
        NewMigration migration = site.migration();
        assertThat(node.work().migrations().create(account, migration).fresh()).isTrue();
        return migration.id();
    }

    private MigrationView show(MigrationId id) {
        return node.work().migrations().show(alice, id);
    }

    private State state(MigrationId id) {
        return show(id).state();
    }
}
