package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.directory.DirectoryStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens where the destination has something else by an object's name. */
class ConflictPolicyTest extends WithStores {

    @Test
    void by_default_what_is_there_stays_and_what_is_the_same_counts() {
        conflicts();

        MigrationStatus status = migrate(new OptionsFor());

        assertThat(to.contents())
                .containsEntry("size older.txt", "target")
                .containsEntry("older", "a longer target")
                .containsEntry("fresh", "fresh")
                .hasSize(6);
        assertThat(status.problems()).hasSize(4).allMatch(problem -> problem.code()
                .equals("CONFLICT"));
        assertThat(status.counts().objectsPresent()).isEqualTo(1);
    }

    @Test
    void older_content_gives_way_and_newer_stays_without_a_failure() {
        conflicts();

        MigrationStatus status = migrate(OptionsFor.conflicts(ConflictPolicy.OVERWRITE_OLDER));

        assertThat(to.contents())
                .containsEntry("size older.txt", "source")
                .containsEntry("size newer.txt", "target")
                .containsEntry("older", "source")
                .containsEntry("newer", "a longer target")
                .hasSize(6);
        assertThat(status.counts().objectsFailed()).isZero();
        assertThat(status.counts().objectsSkipped()).isEqualTo(2);
        assertThat(status.problems())
                .containsExactlyInAnyOrder(
                        new Problem("newer", "NEWER_THERE", false),
                        new Problem("size newer.txt", "NEWER_THERE", false));
        assertThat(results)
                .filteredOn(result -> result.kind() == ObjectResult.Kind.SKIPPED)
                .extracting(ObjectResult::path, result -> result.code().orElseThrow())
                .containsExactlyInAnyOrder(tuple("newer", "NEWER_THERE"), tuple("size newer.txt", "NEWER_THERE"));
    }

    @Test
    void content_of_the_same_time_is_not_older() {
        from.put("a", "source", LATE);
        to.put("a", "a longer target", LATE);

        assertThat(migrate(OptionsFor.conflicts(ConflictPolicy.OVERWRITE_OLDER))
                        .counts()
                        .objectsSkipped())
                .isEqualTo(1);
        assertThat(to.contents()).containsEntry("a", "a longer target");
    }

    @Test
    void other_content_is_replaced_and_the_same_content_is_not_sent() {
        conflicts();

        MigrationStatus status = migrate(OptionsFor.conflicts(ConflictPolicy.OVERWRITE));

        assertThat(to.contents()).isEqualTo(from.contents());
        assertThat(status.counts().objectsStored()).isEqualTo(5);
        assertThat(status.counts().objectsPresent()).isEqualTo(1);
        assertThat(status.counts().bytesMoved()).isEqualTo(4 * 6 + 5);
    }

    @Test
    void what_changes_between_the_look_and_the_replacement_is_looked_at_again() {
        from.put("a", "source", LATE);
        to.put("a", "a longer target", EARLY);
        AtomicInteger publications = new AtomicInteger();
        to.hook = (act, path) -> {
            if (act == FaultyStore.Act.PUBLISH && publications.incrementAndGet() == 1) {
                to.put("a", "somebody is faster", Instant.parse("2030-01-01T00:00:00Z"));
            }
        };

        MigrationStatus status = migrate(OptionsFor.conflicts(ConflictPolicy.OVERWRITE_OLDER));

        assertThat(to.contents()).containsEntry("a", "somebody is faster");
        assertThat(status.counts().objectsSkipped()).isEqualTo(1);
    }

    @Test
    void what_appears_between_the_look_and_the_publication_is_replaced_only_where_that_is_wanted() {
        from.put("a", "source", LATE);
        to.hook = (act, path) -> {
            if (act == FaultyStore.Act.PUBLISH && !to.contents().containsKey("a")) {
                to.put("a", "somebody is faster", EARLY);
            }
        };

        MigrationStatus kept = migrate(new OptionsFor());
        assertThat(kept.problems()).containsExactly(new Problem("a", "CONFLICT", true));
        assertThat(to.contents()).containsEntry("a", "somebody is faster");

        to.remove("a");
        MigrationStatus replaced = migrate(OptionsFor.conflicts(ConflictPolicy.OVERWRITE));
        assertThat(replaced.counts().objectsStored()).isEqualTo(1);
        assertThat(to.contents()).containsEntry("a", "source");
    }

    @Test
    void what_is_replaced_all_the_time_by_others_is_a_conflict_in_the_end() {
        from.put("a", "source", LATE);
        to.put("a", "a longer target", EARLY);
        AtomicInteger version = new AtomicInteger();
        to.hook = (act, path) -> {
            if (act == FaultyStore.Act.PUBLISH) {
                to.put("a", "another target " + version.incrementAndGet(), EARLY);
            }
        };

        MigrationStatus status = migrate(OptionsFor.conflicts(ConflictPolicy.OVERWRITE));

        assertThat(status.problems()).containsExactly(new Problem("a", "CONFLICT", true));
        assertThat(version.get()).isEqualTo(3);
    }

    @Test
    void both_are_kept_under_the_first_free_name_and_the_receipt_has_the_source_s() {
        conflicts();
        to.put("older (2)", "taken", EARLY);

        MigrationStatus status = migrate(OptionsFor.conflicts(ConflictPolicy.KEEP_BOTH));

        assertThat(to.contents())
                .containsEntry("size older.txt", "target")
                .containsEntry("size older (2).txt", "source")
                .containsEntry("size newer (2).txt", "source")
                .containsEntry("older", "a longer target")
                .containsEntry("older (2)", "taken")
                .containsEntry("older (3)", "source")
                .containsEntry("newer (2)", "source")
                .hasSize(11);
        assertThat(status.counts().objectsFailed()).isZero();
        assertThat(status.receipt().orElseThrow().receipt().objects()).isEqualTo(6);
        assertThat(results)
                .filteredOn(result -> result.storedAs().isPresent())
                .extracting(ObjectResult::path, result -> result.storedAs().orElseThrow())
                .containsExactlyInAnyOrder(
                        tuple("size older.txt", "size older (2).txt"),
                        tuple("size newer.txt", "size newer (2).txt"),
                        tuple("older", "older (3)"),
                        tuple("newer", "newer (2)"));
    }

    @Test
    void keeping_both_a_second_time_finds_them_there() {
        conflicts();
        MigrationStatus first = migrate(OptionsFor.conflicts(ConflictPolicy.KEEP_BOTH));
        Map<String, String> before = to.contents();

        MigrationStatus second = migrate(OptionsFor.conflicts(ConflictPolicy.KEEP_BOTH));

        assertThat(to.contents()).isEqualTo(before);
        assertThat(second.counts().objectsPresent()).isEqualTo(6);
        assertThat(second.counts().bytesMoved()).isZero();
        assertThat(second.root()).isEqualTo(first.root());
    }

    @Test
    void two_objects_that_want_the_same_name_both_arrive() {
        from.put("a.txt", "the one", EARLY);
        from.put("a (2).txt", "the other", EARLY);
        to.put("a.txt", "something else", EARLY);

        MigrationStatus status = migrate(OptionsFor.conflicts(ConflictPolicy.KEEP_BOTH));

        assertThat(status.counts().objectsStored()).isEqualTo(2);
        assertThat(to.contents()).hasSize(3).containsEntry("a.txt", "something else");
        assertThat(to.contents().values()).contains("the one", "the other");
    }

    @Test
    void the_first_conflict_ends_the_run_and_leaves_the_grant_for_another() {
        conflicts();
        MigrationId id = MigrationId.random(fixture.random);
        var source = fixture.provider();
        var destination = fixture.provider();
        fixture.offer(source, id, new byte[32], from);

        MigrationStatus status = fixture.fetch(
                destination, id, to, OptionsFor.conflicts(ConflictPolicy.FAIL).build(), results);

        assertThat(status.state()).isEqualTo(MigrationState.FAILED);
        assertThat(status.failure()).contains(ErrorCode.CONFLICT);
        assertThat(status.message().orElseThrow()).contains("something else by the name");
        assertThat(fixture.over(() -> source.engine().source(id).orElseThrow()).failure())
                .contains(ErrorCode.CANCELLED);

        MigrationStatus again = fixture.fetch(
                destination,
                id,
                to,
                OptionsFor.conflicts(ConflictPolicy.OVERWRITE).build(),
                results);
        assertThat(again.state()).isEqualTo(MigrationState.COMPLETED);
    }

    @Test
    void directories_replace_keep_both_and_carry_metadata(@TempDir Path root) throws Exception {
        Path source = Files.createDirectories(root.resolve("from"));
        Path target = Files.createDirectories(root.resolve("to"));
        try (DirectoryStore put = DirectoryStore.open(source)) {
            byte[] content = "content".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            var staged = put.stage(new ObjectInfo(ObjectPath.of("photo.jpg"), content.length, LATE), PHOTO);
            staged.write(0, content, 0, content.length);
            assertThat(put.publish(List.of(staged), PublishMode.CREATE_ONLY)
                            .get(0)
                            .error())
                    .isNull();
        }
        Files.writeString(target.resolve("photo.jpg"), "CONTENT");
        Files.createDirectories(source.resolve("empty"));
        Files.createDirectories(target.resolve("taken/by a directory"));
        Files.writeString(source.resolve("taken"), "a file");

        Fixture.Ends kept = fixture.migrate(
                DirectoryStore.open(source),
                DirectoryStore.open(target),
                OptionsFor.conflicts(ConflictPolicy.KEEP_BOTH)
                        .with(MetadataPolicy.REQUIRE)
                        .with(Verification.READ_BACK)
                        .build(),
                results);
        agree(kept);
        assertThat(target.resolve("photo.jpg")).hasContent("CONTENT");
        assertThat(target.resolve("photo (2).jpg")).hasContent("content");
        assertThat(target.resolve("taken (2)")).hasContent("a file");
        assertThat(target.resolve("empty")).isEmptyDirectory();

        Fixture.Ends replaced = fixture.migrate(
                DirectoryStore.open(source),
                DirectoryStore.open(target),
                OptionsFor.conflicts(ConflictPolicy.OVERWRITE).build(),
                results);
        agree(replaced);
        assertThat(target.resolve("photo.jpg")).hasContent("content");
        assertThat(replaced.destination().problems()).containsExactly(new Problem("taken", "CONFLICT", true));
        try (DirectoryStore there = DirectoryStore.open(target)) {
            assertThat(there.details(ObjectPath.of("photo.jpg")).metadata()).isEqualTo(PHOTO);
            assertThat(there.head(ObjectPath.of("photo.jpg")).modified()).isEqualTo(LATE);
        }
    }
}
