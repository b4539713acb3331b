package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.engine.Journal;
import io.ferrymesh.provider.engine.MigrationState;
import io.ferrymesh.provider.engine.Progress;
import io.ferrymesh.provider.node.RestoredDatabase;
import io.ferrymesh.provider.options.ConflictPolicy;
import io.ferrymesh.provider.options.DryRunTotals;
import io.ferrymesh.provider.options.MetadataPolicy;
import io.ferrymesh.provider.options.MigrationOptions;
import io.ferrymesh.provider.options.Schedule;
import io.ferrymesh.provider.options.Selection;
import io.ferrymesh.provider.options.SourceChanged;
import io.ferrymesh.provider.options.Verification;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountEvent;
import io.ferrymesh.provider.service.EventType;
import io.ferrymesh.provider.service.MigrationEvent;
import io.ferrymesh.provider.service.MigrationView;
import io.ferrymesh.provider.service.MigrationView.State;
import io.ferrymesh.provider.service.MirrorView;
import io.ferrymesh.provider.service.MirrorView.Reason;
import io.ferrymesh.provider.service.NewMigration;
import io.ferrymesh.provider.service.ReportEntry;
import io.ferrymesh.provider.work.Site.Node;
import io.ferrymesh.stores.ListingEntry;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.ScopedStore;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.directory.DirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a destination removes because the source has not got it, and when it does not. */
@OnEachDatabase
class MirrorWorkTest {

    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2001-02-03T04:05:06Z"));

    private final TestDatabase databases;
    private final WatchedStore watched = new WatchedStore();

    @TempDir
    private Path root;

    private ObjectStore shared;
    private Site site;
    private Node one;
    private Node two;
    private Account alice;

    MirrorWorkTest(TestDatabase databases) {
        this.databases = databases;
    }

    @BeforeEach
    void open() throws Exception {
        shared = DirectoryStore.open(root);
        site = new Site(databases, account -> watched.over(new ScopedStore(shared, account.name())));
        one = site.process();
        two = site.process();
        alice = site.account(1);
        for (String name : List.of("photos/1", "photos/2", "photos/old/a", "photos/old/b", "notes/c", "else/d")) {
            write(alice, name);
        }
    }

    @AfterEach
    void close() {
        site.close();
        shared.close();
    }

    @Test
    void what_is_selected_and_not_at_the_source_is_removed_after_the_receipt() throws Exception {
        write(site.account(2), "photos/theirs");
        NewMigration migration = listed(options("photos/", 10), "", "photos/1", "photos/2");
        one.work().mirror();
        assertThat(names()).as("before there is a receipt").hasSize(6);
        completed(migration, 0);
        assertThat(show(migration).state()).isEqualTo(State.MIRRORING);
        assertThat(show(migration).hasReceipt()).isTrue();

        one.work().mirror();

        assertThat(names()).containsExactly("else/d", "notes/c", "photos/1", "photos/2");
        assertThat(root.resolve("user2/photos/theirs")).exists();
        assertThat(show(migration).state()).isEqualTo(State.COMPLETED);
        assertThat(mirror(migration))
                .isEqualTo(new MirrorView(MirrorView.State.DONE, Optional.empty(), 2, 24, 2, 24, 0));
        assertThat(two.work().migrations().report(alice, migration.id(), 0, 10))
                .extracting(ReportEntry::path, ReportEntry::outcome, ReportEntry::code, ReportEntry::size)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "photos/old/a", ReportEntry.Outcome.REMOVED, Optional.empty(), OptionalLong.of(12)),
                        org.assertj.core.groups.Tuple.tuple(
                                "photos/old/b", ReportEntry.Outcome.REMOVED, Optional.empty(), OptionalLong.of(12)));
        assertThat(two.work().migrations().events(alice, migration.id(), 0, 10))
                .extracting(MigrationEvent::state)
                .containsExactly(State.QUEUED, State.CONNECTING, State.MIRRORING, State.COMPLETED);
        assertThat(told(EventType.MIGRATION_MIRRORED))
                .extracting(AccountEvent::removed)
                .containsExactly(Optional.of(new AccountEvent.Removed(2, 24, 0, 0, Optional.empty())));
        assertThat(site.count("SELECT COUNT(*) FROM audit_entry WHERE type = 'migration.mirrored'"))
                .isEqualTo(1);
        one.turn();
        one.work().tidy();
        assertThat(site.count("SELECT COUNT(*) FROM migration_listed")).isZero();
    }

    @Test
    void what_the_grant_does_not_let_leave_is_not_missing() throws Exception {
        NewMigration migration = listed(options("", 10), "photos/", "photos/1", "photos/2", "photos/old/a");
        completed(migration, 0);

        one.work().mirror();

        assertThat(names()).containsExactly("else/d", "notes/c", "photos/1", "photos/2", "photos/old/a");
    }

    @Test
    void where_selection_and_grant_have_nothing_in_common_nothing_is_removed() throws Exception {
        NewMigration migration = listed(options("notes/", 10), "photos/");
        completed(migration, 0);

        one.work().mirror();

        assertThat(names()).hasSize(6);
        assertThat(mirror(migration).state()).isEqualTo(MirrorView.State.DONE);
    }

    @Test
    void what_the_source_has_listed_stays_whatever_became_of_it() throws Exception {
        NewMigration migration =
                listed(options("", 10), "", "photos/1", "photos/2", "photos/old/a", "photos/old/b", "notes/c");
        journal(migration).listed(List.of("else/d"));
        completed(migration, 0);

        one.work().mirror();

        assertThat(names()).hasSize(6);
        assertThat(mirror(migration).objectsFound()).isZero();
    }

    @Test
    void nothing_is_removed_when_something_failed_and_that_is_said() throws Exception {
        NewMigration migration = listed(options("", 10), "", "photos/1");
        completed(migration, 1);

        one.work().mirror();

        assertThat(names()).hasSize(6);
        assertThat(show(migration).state()).isEqualTo(State.COMPLETED);
        assertThat(mirror(migration))
                .isEqualTo(new MirrorView(MirrorView.State.LEFT, Optional.of(Reason.OBJECTS_FAILED), 0, 0, 0, 0, 0));
        assertThat(told(EventType.MIGRATION_MIRRORED))
                .extracting(AccountEvent::removed)
                .containsExactly(Optional.of(new AccountEvent.Removed(0, 0, 0, 0, Optional.of("OBJECTS_FAILED"))));
    }

    @Test
    void nothing_is_removed_when_there_is_more_than_may_be() throws Exception {
        NewMigration migration = listed(options("", 4), "", "photos/1");
        completed(migration, 0);

        one.work().mirror();

        assertThat(names()).hasSize(6);
        assertThat(mirror(migration))
                .isEqualTo(new MirrorView(MirrorView.State.LEFT, Optional.of(Reason.TOO_MANY), 5, 60, 0, 0, 0));
    }

    @Test
    void a_dry_run_says_what_would_be_removed() throws Exception {
        NewMigration migration = listed(options("", 0, true), "", "photos/1");
        one.engine().found(migration.id(), new DryRunTotals(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13));
        one.turn();
        assertThat(show(migration).state()).isEqualTo(State.MIRRORING);

        one.work().mirror();

        assertThat(names()).hasSize(6);
        assertThat(show(migration).state()).isEqualTo(State.COMPLETED);
        assertThat(show(migration).dryRun()).isPresent();
        assertThat(mirror(migration))
                .isEqualTo(new MirrorView(MirrorView.State.DONE, Optional.empty(), 5, 60, 0, 0, 0));
    }

    @Test
    void who_is_taken_for_dead_in_the_middle_removes_nothing_more() throws Exception {
        NewMigration migration = listed(options("", 5), "", "photos/1");
        completed(migration, 0);
        AtomicInteger deletions = new AtomicInteger();
        watched.deleting = () -> {
            if (deletions.incrementAndGet() == 2) {
                site.outlive(two);
                two.work().mirror();
                watched.deleting = () -> {};
                one.turn();
                two.turn();
                two.work().tidy(); // the listing is forgotten, and what is not known is not missing
            }
        };

        one.work().mirror();

        assertThat(names()).containsExactly("photos/1");
        assertThat(mirror(migration).state()).isEqualTo(MirrorView.State.DONE);
        assertThat(mirror(migration).objectsRemoved()).isEqualTo(5);
        assertThat(told(EventType.MIGRATION_MIRRORED)).hasSize(1);
    }

    @Test
    void what_changes_meanwhile_stays() throws Exception {
        NewMigration migration = listed(options("photos/", 5), "", "photos/1", "photos/2", "photos/old/b");
        completed(migration, 0);
        watched.deleting = () -> {
            try {
                Files.writeString(root.resolve("user1/photos/old/a"), "something else");
            } catch (IOException e) {
                throw new StoreException(StoreError.IO_ERROR, "not written", e);
            }
        };

        one.work().mirror();

        assertThat(root.resolve("user1/photos/old/a")).hasContent("something else");
        assertThat(mirror(migration))
                .isEqualTo(new MirrorView(MirrorView.State.DONE, Optional.empty(), 1, 12, 0, 0, 1));
    }

    @Test
    void a_store_that_is_away_is_waited_for() throws Exception {
        NewMigration migration = listed(options("photos/old/", 5), "", "photos/1");
        completed(migration, 0);
        watched.deleting = () -> {
            throw new StoreException(StoreError.UNAVAILABLE, "away");
        };
        one.work().mirror();
        assertThat(show(migration).state()).isEqualTo(State.MIRRORING);
        watched.deleting = () -> {};
        two.work().mirror();
        assertThat(mirror(migration).objectsRemoved())
                .as("it waits five seconds")
                .isZero();
        site.pass(5_000);
        two.work().beat();

        two.work().mirror();

        assertThat(mirror(migration).objectsRemoved()).isEqualTo(2);
    }

    @Test
    void what_comes_after_the_run_has_begun_stays_and_so_does_what_changes() throws Exception {
        NewMigration migration = listed(options("photos/", 10), "", "photos/1", "photos/2");
        write(alice, "photos/uploaded");
        Files.writeString(root.resolve("user1/photos/old/b"), "other bytes!");
        completed(migration, 0);

        one.work().mirror();

        assertThat(names())
                .containsExactly("else/d", "notes/c", "photos/1", "photos/2", "photos/old/b", "photos/uploaded");
        assertThat(mirror(migration).objectsRemoved()).isEqualTo(1);
    }

    @Test
    void a_run_that_is_begun_again_goes_by_what_was_here_before_the_first() throws Exception {
        NewMigration migration = listed(options("photos/", 10), "", "photos/1");
        write(alice, "photos/uploaded");
        begun(migration, "");
        journal(migration).listed(List.of("photos/1", "photos/2"));
        completed(migration, 0);

        one.work().mirror();

        assertThat(names()).contains("photos/1", "photos/2", "photos/uploaded").doesNotContain("photos/old/a");
    }

    @Test
    void what_is_as_young_as_the_look_itself_stays() throws Exception {
        Files.setLastModifiedTime(root.resolve("user1/photos/old/a"), FileTime.from(Site.NOW.plusSeconds(60)));
        NewMigration migration = listed(options("photos/old/", 10), "", "photos/1");
        completed(migration, 0);

        one.work().mirror();

        assertThat(names()).contains("photos/old/a").doesNotContain("photos/old/b");
    }

    @Test
    void below_what_hides_something_nothing_is_removed() throws Exception {
        NewMigration migration = listed(options("", 10), "", "else/d", "photos/old/");
        journal(migration).hiding(List.of("photos/old/"));
        completed(migration, 0);

        one.work().mirror();

        assertThat(names()).containsExactly("else/d", "photos/old/a", "photos/old/b");
    }

    @Test
    void what_hides_all_of_the_source_hides_everything() throws Exception {
        NewMigration migration = listed(options("", 10), "", "else/d");
        journal(migration).hiding(List.of(""));
        completed(migration, 0);

        one.work().mirror();

        assertThat(names()).hasSize(6);
    }

    @Test
    void names_that_a_store_may_take_for_the_same_are_not_missing() throws Exception {
        write(alice, "photos/\u00fcber.JPG");
        write(alice, "photos/sub/k");
        NewMigration migration =
                listed(options("photos/", 10), "", "photos/U\u0308ber.jpg", "Photos/1", "PHOTOS/2", "photos/OLD/a");
        journal(migration).hiding(List.of("photos/SUB"));
        completed(migration, 0);

        one.work().mirror();

        assertThat(names())
                .containsExactly(
                        "else/d",
                        "notes/c",
                        "photos/1",
                        "photos/2",
                        "photos/old/a",
                        "photos/sub/k",
                        "photos/\u00fcber.JPG");
        assertThat(mirror(migration).objectsRemoved()).isEqualTo(1);
    }

    @Test
    void nothing_is_removed_for_a_source_that_has_listed_nothing() throws Exception {
        NewMigration migration = listed(options("", 10), "");
        completed(migration, new Progress(0, true, 0, 0, 0, 0, 0, 0, 0));

        one.work().mirror();

        assertThat(names()).hasSize(6);
        assertThat(mirror(migration).code()).contains(Reason.NOTHING_LISTED);
    }

    @Test
    void nothing_is_removed_that_another_migration_may_have_brought_meanwhile() throws Exception {
        NewMigration migration = listed(options("photos/", 10), "", "photos/1");
        NewMigration other = other("");
        one.engine()
                .destination(
                        other.id(),
                        MigrationState.RUNNING,
                        new Progress(1, false, 0, 0, 0, 0, 0, 0, 0),
                        Optional.empty());
        one.turn();
        completed(migration, 0);

        one.work().mirror();

        assertThat(names()).hasSize(6);
        assertThat(mirror(migration).code()).contains(Reason.OTHER_MIGRATION);
    }

    @Test
    void another_migration_to_another_place_stops_nothing() throws Exception {
        NewMigration migration = listed(options("photos/", 10), "", "photos/1", "photos/2");
        NewMigration other = other("notes/");
        one.engine()
                .destination(
                        other.id(),
                        MigrationState.RUNNING,
                        new Progress(1, false, 0, 0, 0, 0, 0, 0, 0),
                        Optional.empty());
        one.turn();
        completed(migration, 0);

        one.work().mirror();

        assertThat(mirror(migration).objectsRemoved()).isEqualTo(2);
    }

    @Test
    void a_mirror_waits_for_one_that_connects_and_is_ended_by_it_once_it_runs() throws Exception {
        NewMigration migration = listed(options("photos/", 10), "", "photos/1");
        NewMigration other = other("");
        completed(migration, 0);
        one.work().mirror();
        assertThat(names()).hasSize(6);
        assertThat(show(migration).state()).isEqualTo(State.MIRRORING);
        one.engine()
                .destination(
                        other.id(),
                        MigrationState.RUNNING,
                        new Progress(1, false, 0, 0, 0, 0, 0, 0, 0),
                        Optional.empty());
        one.turn();

        one.work().mirror();

        assertThat(names()).hasSize(6);
        assertThat(mirror(migration).code()).contains(Reason.OTHER_MIGRATION);
    }

    @Test
    void one_that_begins_right_before_a_mirror_has_its_turn_is_seen() {
        NewMigration migration = listed(options("photos/", 10), "", "photos/1");
        NewMigration other = other("notes/");
        completed(migration, 0);

        assertThat(site.database.<Boolean>transaction(
                        handle -> MirrorTable.take(handle, migration.id(), alice.id(), "one", Site.NOW.toEpochMilli())))
                .isFalse();
        one.engine().fails(other.id(), ErrorCode.CONFLICT, "it is over");
        one.turn();
        assertThat(site.database.<Boolean>transaction(
                        handle -> MirrorTable.take(handle, migration.id(), alice.id(), "one", Site.NOW.toEpochMilli())))
                .isTrue();
    }

    @Test
    void a_mirror_that_is_due_keeps_out_what_is_to_arrive_which_says_so() throws Exception {
        NewMigration migration = listed(options("photos/", 10), "", "photos/1");
        completed(migration, 0);

        NewMigration other = other("notes/");

        assertThat(one.engine().orders).doesNotContainKey(other.id());
        assertThat(show(other).failure().orElseThrow().code()).isEqualTo("OVERLOADED");
        assertThat(show(other).failure().orElseThrow().message())
                .contains(migration.id().toString());
        assertThat(two.work().migrations().list(alice, Optional.empty(), 10).items())
                .contains(show(other));
        one.work().mirror();
        assertThat(show(other).failure()).isEmpty();
    }

    @Test
    void a_mirror_whose_store_fails_keeps_nothing_out_and_is_left_after_a_day() throws Exception {
        NewMigration migration = listed(options("photos/old/", 10), "", "photos/1");
        completed(migration, 0);
        watched.deleting = () -> {
            throw new StoreException(StoreError.UNAVAILABLE, "away");
        };
        one.work().mirror();
        assertThat(mirror(migration).state()).isEqualTo(MirrorView.State.RUNNING);
        assertThat(mirror(migration).code()).contains(Reason.STORE_UNAVAILABLE);

        NewMigration other = other("notes/");
        assertThat(one.engine().orders).containsKey(other.id());
        one.engine()
                .destination(
                        other.id(),
                        MigrationState.RUNNING,
                        new Progress(1, false, 0, 0, 0, 0, 0, 0, 0),
                        Optional.empty());
        one.turn();
        later(MirrorTable.FAILS_FOR_MS - 1);
        assertThat(mirror(migration).state()).isEqualTo(MirrorView.State.RUNNING);
        later(1);

        assertThat(mirror(migration).state()).isEqualTo(MirrorView.State.LEFT);
        assertThat(mirror(migration).code()).contains(Reason.STORE_UNAVAILABLE);
        assertThat(show(migration).state()).isEqualTo(State.COMPLETED);
    }

    /** It has failed for so much longer, and is due. */
    private void later(long ms) {
        assertThat(site.database.<Integer>transaction(handle -> handle.execute(
                        "UPDATE migration SET mirror_due_at = 0, mirror_failing_since = mirror_failing_since - ?"
                                + " WHERE mirror = 'RUNNING'",
                        ms)))
                .isEqualTo(1);
        one.work().mirror();
    }

    @Test
    void a_dry_run_of_a_mirror_keeps_nothing_out() {
        NewMigration migration = listed(options("", 0, true), "", "photos/1");
        one.engine().found(migration.id(), new DryRunTotals(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13));
        one.turn();
        assertThat(show(migration).state()).isEqualTo(State.MIRRORING);

        NewMigration other = other("");

        assertThat(one.engine().orders).containsKey(other.id());
        one.work().mirror();
        assertThat(mirror(migration).state()).isEqualTo(MirrorView.State.DONE);
    }

    @Test
    void what_is_removed_is_reported_however_many_rows_the_account_has() throws Exception {
        NewMigration migration = listed(options("photos/old/", 10), "", "photos/1");
        completed(migration, 0);
        int unused = site.database.transaction(handle -> handle.execute(
                "INSERT INTO report_size (account, objects) VALUES (?, 1000000)",
                alice.id().value()));

        one.work().mirror();

        assertThat(two.work().migrations().report(alice, migration.id(), 0, 10))
                .extracting(ReportEntry::path)
                .containsExactly("photos/old/a", "photos/old/b");
        assertThat(site.count("SELECT report_rows FROM migration")).isEqualTo(2);
        assertThat(site.count("SELECT objects FROM report_size")).isEqualTo(1_000_002);
    }

    @Test
    void a_mirror_with_more_names_than_the_journals_hold_says_that_and_no_more() {
        NewMigration migration = listed(options("", 10), "", "photos/1");
        List<String> names = IntStream.range(0, 500).mapToObj(i -> "name " + i).toList();
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10; i++) {
                        String more = i + " ";
                        journal(migration)
                                .listed(names.stream().map(more::concat).toList());
                    }
                })
                .isInstanceOfSatisfying(MeshException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.DESTINATION_FULL);
                    one.engine().fails(migration.id(), e.code(), String.valueOf(e.getMessage()));
                });
        one.turn();

        assertThat(show(migration).state()).isEqualTo(State.PAUSED);
        assertThat(show(migration).failure().orElseThrow().code()).isEqualTo("JOURNAL_FULL");
    }

    @Test
    void one_account_does_not_keep_another_waiting() throws Exception {
        for (int i = 0; i < 60; i++) {
            write(alice, "many/" + (100 + i));
        }
        NewMigration large = listed(options("many/", 100), "", "photos/1");
        completed(large, 0);
        Account bob = site.account(2);
        write(bob, "x/theirs");
        alice = bob;
        NewMigration small = listed(options("x/", 100), "", "photos/1");
        completed(small, 0);
        List<Boolean> bobs = new ArrayList<>();
        watched.deleting = () -> bobs.add(Files.exists(root.resolve("user2/x/theirs")));

        one.work().mirror();

        assertThat(bobs).hasSize(61).contains(false);
        assertThat(bobs.indexOf(false)).as("deletions before it was done").isLessThan(40);
    }

    private NewMigration other(String prefix) {
        NewMigration drawn = site.migration();
        MigrationOptions plain = new MigrationOptions(
                options(prefix, 1).selection(),
                ConflictPolicy.SKIP_SAME,
                MetadataPolicy.PREFER,
                Verification.STREAM,
                SourceChanged.RETRY,
                3,
                false,
                false,
                0);
        NewMigration other = new NewMigration(drawn.id(), drawn.psk(), Optional.of(plain), Schedule.NONE);
        assertThat(one.work().migrations().create(alice, other).fresh()).isTrue();
        one.turn();
        return other;
    }

    @Test
    void a_user_who_cancels_keeps_what_is_not_removed_yet() throws Exception {
        NewMigration migration = listed(options("photos/old/", 5), "", "photos/1");
        completed(migration, 0);
        watched.deleting = () -> two.work().migrations().cancel(alice, migration.id());

        one.work().mirror();

        assertThat(names()).contains("photos/old/b").doesNotContain("photos/old/a");
        assertThat(show(migration).state()).isEqualTo(State.COMPLETED);
        assertThat(mirror(migration).code()).contains(Reason.CANCELLED);
    }

    @Test
    void a_restored_database_removes_nothing_that_may_have_come_since() throws Exception {
        NewMigration migration = listed(options("photos/old/", 5), "", "photos/1");
        completed(migration, 0);
        var unused = RestoredDatabase.take(site.database);

        one.work().mirror();

        assertThat(names()).hasSize(6);
        assertThat(mirror(migration).code()).contains(Reason.CANCELLED);
    }

    @Test
    void policies_that_keep_both_or_go_by_age_have_no_mirror() {
        assertThatThrownBy(() -> options(ConflictPolicy.KEEP_BOTH)).hasMessageContaining("KEEP_BOTH");
        assertThatThrownBy(() -> options(ConflictPolicy.OVERWRITE_OLDER)).hasMessageContaining("OVERWRITE_OLDER");
        assertThat(options(ConflictPolicy.FAIL).mirror()).isTrue();
    }

    /** A mirror that runs here, of a source that has listed so much. */
    private NewMigration listed(MigrationOptions options, String sourcePrefix, String... names) {
        NewMigration drawn = site.migration();
        NewMigration migration = new NewMigration(drawn.id(), drawn.psk(), Optional.of(options), Schedule.NONE);
        assertThat(one.work().migrations().create(alice, migration).fresh()).isTrue();
        one.turn();
        begun(migration, sourcePrefix);
        journal(migration).listed(List.of(names));
        return migration;
    }

    /** As the engine does it: first what is here, and then the source says what it lists. */
    private void begun(NewMigration migration, String sourcePrefix) {
        Journal journal = journal(migration);
        if (journal.wantsHere()) {
            try (ObjectListing here = new ScopedStore(shared, alice.name()).listSizes("")) {
                List<ListingEntry> page = here.next(Journal.AT_ONCE);
                journal.here(page.stream().map(ObjectInfo.class::cast).toList());
                assertThat(here.next(1)).isEmpty();
            } catch (StoreException e) {
                throw new IllegalStateException(e);
            }
            journal.allHere();
        }
        journal.source(sourcePrefix);
    }

    private Journal journal(NewMigration migration) {
        return Objects.requireNonNull(one.engine().orders.get(migration.id())).journal();
    }

    private void completed(NewMigration migration, long failed) {
        completed(migration, new Progress(5, true, 4, 1, failed, 0, 10, 10, 10));
    }

    private void completed(NewMigration migration, Progress all) {
        one.engine().destination(migration.id(), MigrationState.RUNNING, all, Optional.empty());
        one.engine().completes(migration.id());
        one.engine().destination(migration.id(), MigrationState.COMPLETED, all, Optional.empty());
        one.turn();
    }

    private static MigrationOptions options(String prefix, long most) {
        return options(prefix, most, false);
    }

    private static MigrationOptions options(String prefix, long most, boolean dryRun) {
        Selection selection = new Selection(
                prefix,
                List.of(),
                List.of(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty());
        return options(selection, ConflictPolicy.OVERWRITE, most, dryRun);
    }

    private static MigrationOptions options(ConflictPolicy conflict) {
        return options(Selection.ALL, conflict, 1, false);
    }

    private static MigrationOptions options(Selection selection, ConflictPolicy conflict, long most, boolean dryRun) {
        return new MigrationOptions(
                selection,
                conflict,
                MetadataPolicy.PREFER,
                Verification.STREAM,
                SourceChanged.RETRY,
                3,
                dryRun,
                true,
                most);
    }

    private void write(Account account, String name) throws IOException {
        Path file = root.resolve(account.name()).resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "twelve bytes");
        Files.setLastModifiedTime(file, LONG_AGO);
    }

    private List<String> names() throws IOException {
        Path mine = root.resolve(alice.name());
        try (var all = Files.walk(mine)) {
            return all.filter(Files::isRegularFile)
                    .map(each -> mine.relativize(each).toString())
                    .sorted()
                    .toList();
        }
    }

    private MigrationView show(NewMigration migration) {
        return two.work().migrations().show(alice, migration.id());
    }

    private MirrorView mirror(NewMigration migration) {
        return show(migration).mirror().orElseThrow();
    }

    private List<AccountEvent> told(EventType type) {
        return two.work().events().events(alice, 0, 100).stream()
                .filter(event -> event.type() == type)
                .toList();
    }
}
