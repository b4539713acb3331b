package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.LogFields;
import io.ferrymesh.provider.Said;
import io.ferrymesh.provider.options.Schedule;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.provider.service.NewMigration;
import io.ferrymesh.provider.work.Site.Node;
import io.ferrymesh.scheme.MigrationId;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What pages an operator: what rests, waits or piles up. */
@OnEachDatabase
class UpkeepFiguresTest {

    private final Site site;
    private final Node node;
    private final Account alice;

    UpkeepFiguresTest(TestDatabase databases) {
        site = new Site(databases, account -> GrantWorkTest.untouched());
        node = site.process();
        alice = site.account(1);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void what_pauses_is_counted_by_its_reason_and_the_log_says_what_is_full() {
        MigrationId wanted = create(Schedule.NONE);
        MigrationId full = create(Schedule.NONE);
        node.turn();
        assertThat(node.work().migrations().pause(alice, wanted).state()).isEqualTo(State.PAUSED);
        try (Said said = new Said(Destinations.class)) {
            node.engine().fails(full, ErrorCode.DESTINATION_FULL, true);
            node.turn();

            assertThat(said.keyed(LogFields.MIGRATION, Level.WARN))
                    .containsExactly(full + " migration " + full + " pauses: the provider's store is full");
        }
        node.work().count();

        assertThat(node.work().upkeep().pausedByReason())
                .isEqualTo(Map.of(UpkeepFigures.USER, 1L, "DESTINATION_FULL", 1L));
        assertThat(node.work().runs().ended()).isEqualTo(Map.of("DESTINATION_FULL", 1L));
        assertThat(node.work().runs().retried()).isEmpty();
        assertThat(node.work().waitingTasks()).isEqualTo(7);
    }

    @Test
    void the_next_deadline_is_known_until_it_is_met() {
        assertThat(node.work().upkeep().firstDeadline()).isEmpty();
        MigrationId last =
                create(Schedule.NONE.withDeadline(Optional.of(site.now().plusSeconds(200))));
        MigrationId first =
                create(Schedule.NONE.withDeadline(Optional.of(site.now().plusSeconds(100))));
        node.work().count();
        assertThat(node.work().upkeep().firstDeadline()).hasValue(site.now().getEpochSecond() + 100);

        node.work().migrations().cancel(alice, first);
        node.work().migrations().cancel(alice, last);
        node.work().count();

        assertThat(node.work().upkeep().firstDeadline()).isEmpty();
    }

    @Test
    void what_piles_up_is_counted() {
        execute("INSERT INTO kept_object (account, token, path, bytes, touched_at) VALUES (1, 'a', 'a', 70, 0)");
        execute("INSERT INTO kept_object (account, token, path, bytes, touched_at) VALUES (1, 'b', 'b', 30, 0)");
        execute("INSERT INTO webhook (account, name, url, secret, types, created_at, last_error)"
                + " SELECT 1, 'mine', 'https://example.org/', user_handle, '', 0, 'it did not answer' FROM account");
        MigrationId id = create(Schedule.NONE);
        execute("UPDATE migration SET journaled = 1, journal_entries = 12");
        long events = site.count("SELECT COUNT(*) FROM webhook_delivery");
        site.pass(9_000);

        node.work().count();

        UpkeepFigures found = node.work().upkeep();
        assertThat(found.keptObjects()).isEqualTo(2);
        assertThat(found.keptBytes()).isEqualTo(100);
        assertThat(found.journalRows()).isEqualTo(12);
        assertThat(found.webhooksFailing()).isEqualTo(1);
        assertThat(found.webhookEvents()).isEqualTo(events).isPositive();
        assertThat(found.webhookOldestSeconds()).isEqualTo(9);
        assertThat(node.work().migrations().show(alice, id).state()).isEqualTo(State.QUEUED);
    }

    private MigrationId create(Schedule schedule) {
        NewMigration drawn = site.migration();
        assertThat(node.work()
                        .migrations()
                        .create(alice, new NewMigration(drawn.id(), drawn.psk(), Optional.empty(), schedule))
                        .fresh())
                .isTrue();
        return drawn.id();
    }

    private void execute(String sql) {
        int unused = site.database.transaction(handle -> handle.execute(sql));
    }
}
