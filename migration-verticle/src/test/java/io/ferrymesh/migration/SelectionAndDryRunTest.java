package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.scheme.MigrationId;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What is left out, what is only looked at, and how fast the rest comes. */
class SelectionAndDryRunTest extends WithStores {

    @Test
    void what_is_not_selected_is_neither_sent_nor_in_the_receipt_nor_a_failure() {
        from.put("a.jpg", "one", EARLY);
        from.put("b.txt", "two!", EARLY);
        from.put("d/c.jpg", "three", EARLY);

        MigrationStatus status = migrate(new OptionsFor().with(OptionsFor.globs(List.of("**/*.jpg"), List.of("a.*"))));

        assertThat(to.contents()).containsExactly(entry("d/c.jpg", "three"));
        assertThat(status.counts().objectsExcluded()).isEqualTo(2);
        assertThat(status.counts().bytesExcluded()).isEqualTo(7);
        assertThat(status.counts().bytesMoved()).isEqualTo(5);
        assertThat(status.counts().objectsFailed()).isZero();
        assertThat(status.problems()).isEmpty();
        assertThat(results).extracting(ObjectResult::path).containsExactly("d/c.jpg");
    }

    @Test
    void everything_may_be_excluded() {
        from.put("a", "one", EARLY);

        MigrationStatus status = migrate(new OptionsFor().with(OptionsFor.globs(List.of("b"), List.of())));

        assertThat(status.receipt().orElseThrow().receipt().objects()).isZero();
    }

    @Test
    void a_dry_run_says_what_would_be_done_moves_nothing_and_leaves_the_grant_usable() {
        conflicts();
        from.put("left.out", "12345", EARLY);
        to.put("to compare", "12", EARLY);
        from.put("to compare", "12", LATE);
        to.put("seems present", "12", EARLY);
        from.put("seems present", "12", EARLY.plusMillis(5));
        Map<String, String> before = to.contents();
        MigrationId id = MigrationId.random(fixture.random);
        var source = fixture.provider();
        var destination = fixture.provider();
        fixture.offer(source, id, new byte[32], from);
        Selection selection = OptionsFor.globs(List.of(), List.of("*.out"));

        MigrationStatus looked = fixture.fetch(
                destination, id, to, new OptionsFor().with(selection).dryRun().build(), results);

        assertThat(looked.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(looked.receipt()).isEmpty();
        Preflight preflight = looked.dryRun().orElseThrow().preflight();
        assertThat(looked.dryRun()).contains(new DryRun(1, 5, 0, 1, 2, 4, 18, 2, 0, 1, 5, 0, 0, preflight));
        assertThat(preflight.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Finding.Kind.CONFLICT);
            assertThat(finding.severity()).isEqualTo(Finding.Severity.OBJECT_FAILS);
            assertThat(finding.objects()).isEqualTo(2);
            assertThat(finding.bytes()).isEqualTo(12);
            assertThat(finding.examples()).containsExactly("newer", "older");
        });
        assertThat(preflight.objectsProbed()).isEqualTo(6);
        assertThat(preflight.freeBytes()).isEmpty();
        assertThat(to.contents()).isEqualTo(before);
        assertThat(results).isEmpty();
        MigrationStatus other = fixture.over(() -> source.engine().source(id).orElseThrow());
        assertThat(other.failure()).contains(ErrorCode.CANCELLED);
        assertThat(other.receipt()).isEmpty();

        MigrationStatus overwriting = fixture.fetch(
                destination,
                id,
                to,
                OptionsFor.conflicts(ConflictPolicy.OVERWRITE_OLDER).dryRun().build(),
                results);
        assertThat(overwriting.dryRun().orElseThrow().objectsReplaced()).isEqualTo(1);
        assertThat(overwriting.dryRun().orElseThrow().objectsNewerThere()).isEqualTo(1);

        MigrationStatus moved = fixture.fetch(destination, id, to, TransferOptions.DEFAULTS, results);
        assertThat(moved.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(moved.receipt()).isPresent();
        assertThat(moved.dryRun()).isEmpty();
    }

    @Test
    void a_dry_run_of_nothing_ends() {
        Fixture.Ends ends = fixture.migrate(from, to, new OptionsFor().dryRun().build(), results);

        assertThat(ends.destination().dryRun())
                .contains(new DryRun(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Preflight.NOTHING));
    }

    @Test
    void a_limited_migration_arrives_whole_when_the_limit_is_lifted() {
        for (int i = 0; i < 40; i++) {
            from.put("file " + i, "x".repeat(50_000), EARLY);
        }
        MigrationId id = MigrationId.random(fixture.random);
        var source = fixture.provider();
        var destination = fixture.provider();
        fixture.offer(source, id, new byte[32], from);
        to.hook = (act, path) -> {
            boolean slow = to.contents().size() < 4;
            destination.engine().limit(id, slow ? OptionalLong.of(500_000) : OptionalLong.empty());
        };

        MigrationStatus status = fixture.fetch(
                destination, id, to, new OptionsFor().limitedTo(1_000_000).build(), results);

        assertThat(status.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(to.contents()).isEqualTo(from.contents());
        destination.engine().limit(id, OptionalLong.of(5_000)); // of one that is over, without effect
    }
}
