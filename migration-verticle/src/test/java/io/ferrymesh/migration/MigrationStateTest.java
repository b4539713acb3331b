package io.ferrymesh.migration;

import static io.ferrymesh.migration.MigrationState.CANCELLED;
import static io.ferrymesh.migration.MigrationState.COMPLETED;
import static io.ferrymesh.migration.MigrationState.CONNECTING;
import static io.ferrymesh.migration.MigrationState.COPYING;
import static io.ferrymesh.migration.MigrationState.FAILED;
import static io.ferrymesh.migration.MigrationState.VERIFYING;
import static io.ferrymesh.migration.MigrationState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.scheme.MigrationId;
import java.time.Clock;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class MigrationStateTest {

    @Test
    void waitingToConnecting_whenTheDestinationComes() {
        assertNext(WAITING, CONNECTING, CANCELLED);
    }

    @Test
    void connectingToCopying_afterTheHandshake() {
        assertNext(CONNECTING, COPYING, FAILED, CANCELLED);
    }

    @Test
    void copyingToVerifying_afterTheLastDecision() {
        assertNext(COPYING, VERIFYING, FAILED, CANCELLED);
    }

    @Test
    void verifyingToCompleted_afterTheCountersignature() {
        assertNext(VERIFYING, COMPLETED, FAILED, CANCELLED);
    }

    @Test
    void failedToConnecting_whenStartedAgain() {
        assertNext(FAILED, CONNECTING, CANCELLED);
    }

    @Test
    void completedAndCancelled_areFinal() {
        assertNext(COMPLETED);
        assertNext(CANCELLED);
    }

    @Test
    void a_state_that_may_not_follow_changes_nothing() {
        MigrationRecord record = record(WAITING);

        assertThat(record.to(COPYING)).isFalse();
        assertThat(record.fail(ErrorCode.INTERNAL, "no")).isFalse();
        assertThat(record.state()).isEqualTo(WAITING);
        assertThat(record.status().failure()).isEmpty();
    }

    @Test
    void starting_again_forgets_the_failure_and_counts_from_zero() {
        MigrationRecord record = record(FAILED);
        assertThat(record.to(CONNECTING)).isTrue();
        record.progress().listed(5);
        assertThat(record.fail(ErrorCode.PEER_LOST, "gone")).isTrue();
        assertThat(record.status().failure()).contains(ErrorCode.PEER_LOST);
        assertThat(record.status().finishedAt()).isPresent();

        assertThat(record.to(CONNECTING)).isTrue();

        assertThat(record.status().failure()).isEmpty();
        assertThat(record.status().finishedAt()).isEmpty();
        assertThat(record.status().counts().objectsListed()).isZero();
    }

    @Test
    void a_failure_after_the_end_is_not_recorded() {
        MigrationRecord record = record(COMPLETED);

        assertThat(record.fail(ErrorCode.PEER_LOST, "gone")).isFalse();
        record.cancel();

        assertThat(record.state()).isEqualTo(COMPLETED);
    }

    private static MigrationRecord record(MigrationState state) {
        return new MigrationRecord(MigrationId.of(new byte[16]), state, Clock.systemUTC());
    }

    private static void assertNext(MigrationState state, MigrationState... next) {
        EnumSet<MigrationState> expected = EnumSet.noneOf(MigrationState.class);
        expected.addAll(java.util.List.of(next));
        assertThat(state.next()).isEqualTo(expected);
    }
}
