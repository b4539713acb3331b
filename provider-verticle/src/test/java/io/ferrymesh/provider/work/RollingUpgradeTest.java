package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.database.DatabaseException;
import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.provider.options.ConflictPolicy;
import io.ferrymesh.provider.options.MetadataPolicy;
import io.ferrymesh.provider.options.MigrationOptions;
import io.ferrymesh.provider.options.Schedule;
import io.ferrymesh.provider.options.Selection;
import io.ferrymesh.provider.options.SourceChanged;
import io.ferrymesh.provider.options.Verification;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.provider.service.NewMigration;
import io.ferrymesh.provider.work.Site.Node;
import io.ferrymesh.scheme.MigrationId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Beside processes of the version before, of which the statements here are: they know nothing of options and times. */
@OnEachDatabase
class RollingUpgradeTest {

    private static final MigrationOptions DRY_RUN = new MigrationOptions(
            Selection.ALL,
            ConflictPolicy.SKIP_SAME,
            MetadataPolicy.PREFER,
            Verification.STREAM,
            SourceChanged.RETRY,
            3,
            true);

    private final Site site;
    private final Node process;
    private final Account alice;

    RollingUpgradeTest(TestDatabase databases) {
        site = new Site(databases, account -> GrantWorkTest.untouched());
        process = site.process();
        alice = site.account(1);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void one_with_defaults_is_begun_by_either_version() {
        MigrationId id = create(Optional.empty(), Schedule.NONE);

        assertThat(freeToTheOld()).containsExactly(id);
        claimByTheOld(id);

        assertThat(site.value(String.class, "SELECT holder FROM migration WHERE id = :id", id))
                .isEqualTo("old");
    }

    @Test
    void a_dry_run_is_not_begun_as_a_real_one() {
        MigrationId id = create(Optional.of(DRY_RUN), Schedule.NONE);

        assertThat(freeToTheOld()).isEmpty();
        process.turn();

        assertThat(process.engine().orders).containsKey(id);
    }

    @Test
    void what_is_to_begin_later_or_end_in_time_or_be_slow_is_hidden_too() {
        MigrationId later = create(
                Optional.empty(),
                Schedule.NONE.withStartAt(Optional.of(site.now().plusSeconds(10))));
        MigrationId by = create(
                Optional.empty(),
                Schedule.NONE.withDeadline(Optional.of(site.now().plusSeconds(10))));
        assertThat(later).isNotEqualTo(by);
        MigrationId changed = create(Optional.empty(), Schedule.NONE);
        assertThat(freeToTheOld()).containsExactly(changed);

        assertThat(process.work()
                        .migrations()
                        .change(
                                alice,
                                changed,
                                now -> now.withStartAt(Optional.of(site.now().plusSeconds(10))))
                        .state())
                .isEqualTo(State.SCHEDULED);

        assertThat(freeToTheOld()).isEmpty();
        site.pass(20_000);
        assertThat(freeToTheOld()).isEmpty();
    }

    @Test
    void one_that_is_tried_again_stays_hidden_and_is_begun_when_it_is_due() {
        MigrationId id = create(Optional.of(DRY_RUN), Schedule.NONE);
        process.turn();
        process.engine().fails(id, ErrorCode.PEER_LOST, true);
        process.turn();
        assertThat(process.work().migrations().show(alice, id).state()).isEqualTo(State.QUEUED);
        process.turn();
        assertThat(process.engine().orders).doesNotContainKey(id);

        site.pass(1_000);
        assertThat(freeToTheOld()).isEmpty();
        process.turn();

        assertThat(process.engine().orders).containsKey(id);
    }

    @Test
    void one_that_its_user_resumes_at_the_old_cannot_be_taken_by_it_and_is_soon_hidden_again() {
        MigrationId id = create(
                Optional.empty(),
                Schedule.NONE.withStartAt(Optional.of(site.now().plusSeconds(3_600))));
        assertThat(process.work().migrations().pause(alice, id).state()).isEqualTo(State.PAUSED);
        int unused = site.database.transaction(handle -> handle.createUpdate(
                        "UPDATE migration SET state = :state, signal = CASE WHEN holder IS NULL THEN 0 ELSE 1 END,"
                                + " finished_at = NULL, failure_code = NULL, failure_message = NULL, retries = 0, retry_at = 0"
                                + " WHERE id = :id AND state IN ('PAUSED', 'FAILED')")
                .bind("state", "QUEUED")
                .bind("id", id.bytes())
                .execute());
        assertThat(freeToTheOld()).containsExactly(id);

        assertThatThrownBy(() -> claimByTheOld(id)).isInstanceOf(DatabaseException.class);
        site.pass(1_000);
        process.turn();

        assertThat(freeToTheOld()).isEmpty();
        site.pass(3_600_000);
        process.turn();
        process.turn();
        assertThat(process.engine().orders).containsKey(id);
    }

    private MigrationId create(Optional<MigrationOptions> options, Schedule schedule) {
        NewMigration drawn = site.migration();
        assertThat(process.work()
                        .migrations()
                        .create(alice, new NewMigration(drawn.id(), drawn.psk(), options, schedule))
                        .fresh())
                .isTrue();
        return drawn.id();
    }

    private List<MigrationId> freeToTheOld() {
        return site.database.read(handle -> handle.createQuery("SELECT id FROM migration AS free WHERE holder IS NULL"
                        + " AND state IN ('QUEUED', 'CONNECTING', 'RUNNING') AND retry_at <= :now"
                        + " AND (SELECT COUNT(*) FROM migration AS held WHERE held.account = free.account"
                        + " AND held.holder IS NOT NULL) < :most ORDER BY created_at LIMIT 1")
                .bind("now", site.now().toEpochMilli())
                .bind("most", 4)
                .mapTo(byte[].class)
                .map(MigrationId::of)
                .list());
    }

    private void claimByTheOld(MigrationId id) {
        List<Long> fences = site.database.transaction(handle -> handle.createQuery(
                        "UPDATE migration SET holder = :holder, fence = fence + 1, signal = 0, state = 'CONNECTING',"
                                + " started_at = COALESCE(started_at, :now)"
                                + " WHERE id = :id AND holder IS NULL AND state IN ('QUEUED', 'CONNECTING', 'RUNNING')"
                                + " RETURNING *")
                .bind("holder", "old")
                .bind("now", site.now().toEpochMilli())
                .bind("id", id.bytes())
                .map((row, context) -> row.getLong("fence"))
                .list());
        assertThat(fences).containsExactly(1L);
    }
}
