package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Objects that do not arrive at once, while the rest goes on. */
class RetryTest extends WithStores {

    @ParameterizedTest
    @EnumSource(
            value = FaultyStore.Act.class,
            names = {"HEAD", "STAGE", "WRITE", "PUBLISH"})
    void a_store_that_fails_for_a_while_is_tried_again_while_the_rest_goes_on(FaultyStore.Act act) {
        for (int i = 0; i < 50; i++) {
            from.put("file " + i, "content " + i, EARLY);
        }
        to.hook = failing(act, "file 7", 2, StoreError.UNAVAILABLE);

        MigrationStatus status = migrate(new OptionsFor());

        assertThat(status.counts().objectsStored()).isEqualTo(50);
        assertThat(to.contents()).isEqualTo(from.contents());
        assertThat(results).hasSize(50);
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultyStore.Act.class,
            names = {"HEAD", "STAGE", "WRITE", "PUBLISH"})
    void a_store_that_goes_on_failing_fails_that_object_alone(FaultyStore.Act act) {
        for (int i = 0; i < 20; i++) {
            from.put("file " + i, "content " + i, EARLY);
        }
        to.hook = failing(act, "file 7", 3, StoreError.IO_ERROR);

        MigrationStatus status = migrate(new OptionsFor());

        assertThat(status.problems()).containsExactly(new Problem("file 7", "DESTINATION_FAILED", true));
        assertThat(status.counts().objectsStored()).isEqualTo(19);
    }

    @Test
    void an_object_that_cannot_be_read_for_a_while_arrives() {
        from.put("a", "content", EARLY);
        from.put("b", "y".repeat(Segments.BYTES * 3), EARLY);
        from.hook = (act, path) -> {};
        AtomicInteger reads = new AtomicInteger();
        from.hook = (act, path) -> {
            if (act == FaultyStore.Act.READ && reads.incrementAndGet() % 200 == 100 && reads.get() < 500) {
                throw new StoreException(StoreError.IO_ERROR, path + ": made to fail");
            }
        };

        MigrationStatus status = migrate(new OptionsFor().with(10));

        assertThat(status.counts().objectsStored()).isEqualTo(2);
        assertThat(to.contents()).isEqualTo(from.contents());
    }

    @Test
    void an_object_that_cannot_be_read_at_all_fails_alone() {
        from.put("a", "content", EARLY);
        from.put("b", "content", EARLY);
        from.hook = failing(FaultyStore.Act.READ, "a", 99, StoreError.IO_ERROR);

        MigrationStatus status = migrate(new OptionsFor());

        assertThat(status.problems()).containsExactly(new Problem("a", "SOURCE_UNREADABLE", true));
        assertThat(to.contents()).containsExactly(entry("b", "content"));
    }

    @Test
    void an_object_that_grew_is_fetched_as_it_is_now() {
        from.put("a", "short", EARLY);
        from.put("b", "stays", EARLY);
        AtomicInteger opened = new AtomicInteger();
        from.hook = (act, path) -> {
            if (act == FaultyStore.Act.OPEN && path.toString().equals("a") && opened.incrementAndGet() == 1) {
                from.put("a", "longer than before", LATE);
            }
        };

        MigrationStatus status = migrate(new OptionsFor());

        assertThat(to.contents()).isEqualTo(from.contents());
        assertThat(status.counts().bytesListed()).isEqualTo(23);
        assertThat(status.counts().bytesDone()).isEqualTo(23);
    }

    @Test
    void an_object_that_grew_out_of_the_selection_is_excluded() {
        from.put("a", "short", EARLY);
        from.hook = (act, path) -> {
            if (act == FaultyStore.Act.OPEN) {
                from.put("a", "longer than before", LATE);
            }
        };
        Selection small = new Selection(
                "", List.of(), List.of(), OptionalLong.empty(), OptionalLong.of(5), Optional.empty(), Optional.empty());

        MigrationStatus status = migrate(new OptionsFor().with(small));

        assertThat(status.counts().objectsExcluded()).isEqualTo(1);
        assertThat(to.contents()).isEmpty();
    }

    @Test
    void an_object_that_changes_all_the_time_or_vanishes_fails() {
        from.put("log", "0", EARLY);
        from.put("gone", "content", EARLY);
        AtomicInteger version = new AtomicInteger();
        from.hook = (act, path) -> {
            if (act == FaultyStore.Act.OPEN && path.toString().equals("log")) {
                from.put("log", "line\n".repeat(version.incrementAndGet()), LATE);
            } else if (act == FaultyStore.Act.OPEN) {
                from.remove("gone");
            }
        };

        MigrationStatus status = migrate(new OptionsFor());

        assertThat(status.problems())
                .containsExactlyInAnyOrder(
                        new Problem("log", "SOURCE_CHANGED", true), new Problem("gone", "SOURCE_CHANGED", true));
        assertThat(version.get()).isEqualTo(3);
    }

    @Test
    void a_change_found_while_trying_again_for_another_reason_fails_where_the_user_wants_that() {
        from.put("a", "content", EARLY);
        AtomicInteger staged = new AtomicInteger();
        to.hook = (act, path) -> {
            if (act == FaultyStore.Act.STAGE && staged.incrementAndGet() == 1) {
                from.put("a", "other content", LATE);
                throw new StoreException(StoreError.UNAVAILABLE, path + ": made to fail");
            }
        };

        MigrationStatus status = migrate(new OptionsFor().with(SourceChangedPolicy.FAIL));

        assertThat(status.problems()).containsExactly(new Problem("a", "SOURCE_CHANGED", true));
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultyStore.Act.class,
            names = {"STAGE", "WRITE", "PUBLISH"})
    void a_full_store_stops_the_run_with_that_code_and_it_goes_on_when_there_is_room(FaultyStore.Act act) {
        for (int i = 0; i < 20; i++) {
            from.put("file " + i, "content " + i, EARLY);
        }
        to.hook = failing(act, "file 7", 1, StoreError.FULL);
        MigrationId id = MigrationId.random(fixture.random);
        var source = fixture.provider();
        var destination = fixture.provider();
        fixture.offer(source, id, new byte[32], from);

        MigrationStatus full = fixture.fetch(destination, id, to, TransferOptions.DEFAULTS, results);
        assertThat(full.state()).isEqualTo(MigrationState.FAILED);
        assertThat(full.failure()).contains(ErrorCode.DESTINATION_FULL);
        assertThat(fixture.over(() -> source.engine().source(id).orElseThrow()).failure())
                .contains(ErrorCode.CANCELLED);

        MigrationStatus again = fixture.fetch(destination, id, to, TransferOptions.DEFAULTS, results);
        assertThat(again.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(to.contents()).isEqualTo(from.contents());
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultyStore.Act.class,
            names = {"HEAD", "STAGE", "WRITE", "PUBLISH"})
    void a_destination_s_store_that_is_away_ends_the_run_and_fails_no_object(FaultyStore.Act act) {
        assertThat(endedBy(to, act).failure()).contains(ErrorCode.UNAVAILABLE);
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultyStore.Act.class,
            names = {"OPEN", "READ", "LIST"})
    void a_source_s_store_that_is_away_ends_the_run_and_fails_no_object(FaultyStore.Act act) {
        assertThat(endedBy(from, act).failure()).contains(ErrorCode.UNAVAILABLE);
    }

    /** Nothing is served from the tenth act on; afterwards everything arrives. */
    private MigrationStatus endedBy(FaultyStore store, FaultyStore.Act at) {
        for (int i = 0; i < 50; i++) {
            from.put("file " + i, "content " + i, EARLY);
        }
        AtomicInteger acts = new AtomicInteger(at == FaultyStore.Act.LIST ? 10 : 0);
        store.hook = (act, path) -> {
            if (act == at && acts.incrementAndGet() > 10) {
                throw new StoreException(StoreError.UNAVAILABLE, "away");
            }
        };
        MigrationId id = MigrationId.random(fixture.random);
        var source = fixture.provider();
        var destination = fixture.provider();
        fixture.offer(source, id, new byte[32], from);

        MigrationStatus away = fixture.fetch(destination, id, to, OptionsFor.attempts(3), results);
        assertThat(away.problems()).isEmpty();
        MigrationStatus unused = fixture.over(() -> source.engine().source(id).orElseThrow());
        store.hook = (act, path) -> {};
        MigrationStatus again = fixture.fetch(destination, id, to, OptionsFor.attempts(3), results);
        assertThat(again.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(to.contents()).isEqualTo(from.contents());
        return away;
    }
}
