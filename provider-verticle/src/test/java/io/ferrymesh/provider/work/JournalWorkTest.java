package io.ferrymesh.provider.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.provider.engine.Arrived;
import io.ferrymesh.provider.engine.Journal;
import io.ferrymesh.provider.engine.JournalEntry;
import io.ferrymesh.provider.engine.MigrationState;
import io.ferrymesh.provider.engine.ObjectOutcome;
import io.ferrymesh.provider.engine.Progress;
import io.ferrymesh.provider.engine.SafeSegment;
import io.ferrymesh.provider.engine.Unfinished;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.NewMigration;
import io.ferrymesh.provider.work.Site.Node;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.Voucher;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The journal of migrations: what a run leaves for the next, and what becomes of it at the end. */
@OnEachDatabase
class JournalWorkTest {

    private static final Instant MODIFIED = Instant.ofEpochSecond(1_700_000_000L, 123_456_789);
    private static final ObjectPath LARGE = ObjectPath.of("films/ü");

    private final List<String> discarded = new CopyOnWriteArrayList<>();
    private final Site site;
    private final Node one;
    private final Node two;
    private final Account alice;
    private volatile @Nullable StoreException refusal;
    private volatile Runnable discarding = () -> {};

    JournalWorkTest(TestDatabase databases) {
        site = new Site(databases, this::objects);
        one = site.process();
        two = site.process();
        alice = site.account(1);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void the_next_run_learns_what_arrived_and_nothing_of_what_did_not() {
        NewMigration migration = begun();
        Arrived here = arrived("photos/1", Optional.of("an etag"), true);
        Arrived moved = new Arrived(
                info("photos/2", 5),
                ObjectPath.of("photos/2 (2)"),
                MODIFIED.minusNanos(1),
                Optional.empty(),
                false,
                digest(2),
                Optional.of(voucher(2)));
        assertThat(journal(one, migration).arrived(List.of(here.listed().path())))
                .isEmpty();
        journal(one, migration)
                .add(List.of(
                        entry(0, here),
                        entry(1, moved),
                        JournalEntry.of(new ObjectOutcome(
                                "photos/3",
                                ObjectOutcome.Kind.FAILED,
                                Optional.of("CONFLICT"),
                                OptionalLong.of(3),
                                Optional.empty()))));
        assertThat(journal(one, migration).arrived(List.of(here.listed().path())))
                .as("asked for in the run that entered it, which does not need it")
                .isEmpty();
        site.outlive(two);

        Map<ObjectPath, Arrived> known = journal(two, migration)
                .arrived(List.of(
                        ObjectPath.of("photos/1"),
                        ObjectPath.of("photos/2"),
                        ObjectPath.of("photos/3"),
                        ObjectPath.of("photos/4")));

        assertThat(known)
                .containsOnly(Map.entry(ObjectPath.of("photos/1"), here), Map.entry(ObjectPath.of("photos/2"), moved));
    }

    @Test
    void an_unfinished_object_is_taken_up_with_its_segments_in_order() {
        NewMigration migration = begun();
        ObjectMetadata metadata =
                new ObjectMetadata(Optional.of("video/x"), new TreeMap<>(Map.of("a", "1=2", "b-c", "x y")));
        journal(one, migration).begun(info(LARGE, 100), metadata, "token 1");
        journal(one, migration).safe(LARGE, List.of(segment(7), segment(2)));
        journal(one, migration).safe(LARGE, List.of(segment(0)));
        site.outlive(two);

        Optional<Unfinished> left = journal(two, migration).unfinished(LARGE);

        assertThat(left)
                .contains(new Unfinished(
                        info(LARGE, 100), metadata, "token 1", List.of(segment(0), segment(2), segment(7))));
        assertThat(journal(two, migration).segments(LARGE, 1, 1)).containsExactly(segment(2));
        assertThat(journal(two, migration).unfinished(ObjectPath.of("other"))).isEmpty();
    }

    @Test
    void an_object_that_arrived_is_unfinished_no_more_and_keeps_its_segments() {
        NewMigration migration = begun();
        journal(one, migration).begun(info(LARGE, 100), ObjectMetadata.EMPTY, "token 1");
        journal(one, migration).safe(LARGE, List.of(segment(0)));
        Arrived large =
                new Arrived(info(LARGE, 100), LARGE, MODIFIED, Optional.of("e"), true, digest(9), Optional.empty());
        journal(one, migration)
                .add(List.of(
                        new JournalEntry(outcome(large), leaf(0, large), Optional.of(large), List.of(segment(1)))));
        site.outlive(two);

        assertThat(journal(two, migration).unfinished(LARGE)).isEmpty();
        assertThat(journal(two, migration).segments(LARGE, 0, 10)).containsExactly(segment(0), segment(1));
        assertThat(journal(two, migration).arrived(List.of(LARGE))).containsEntry(LARGE, large);
    }

    @Test
    void what_begins_anew_or_is_dropped_leaves_nothing_of_before() {
        NewMigration migration = begun();
        Journal journal = journal(one, migration);
        journal.begun(info(LARGE, 100), ObjectMetadata.EMPTY, "token 1");
        journal.safe(LARGE, List.of(segment(0)));
        journal.begun(info(LARGE, 101), ObjectMetadata.EMPTY, "token 2");
        assertThat(journal.unfinished(LARGE))
                .contains(new Unfinished(info(LARGE, 101), ObjectMetadata.EMPTY, "token 2", List.of()));
        journal.safe(LARGE, List.of(segment(0)));
        journal.add(List.of(entry(0, arrived("a", Optional.empty(), true))));

        journal.dropped(List.of(LARGE, ObjectPath.of("a")));

        assertThat(rows()).isZero();
    }

    @Test
    void who_has_lost_the_lease_writes_nothing() {
        NewMigration migration = begun();
        Journal stale = journal(one, migration);
        stale.begun(info(LARGE, 100), ObjectMetadata.EMPTY, "token 1");
        site.outlive(two);

        assertLost(() -> stale.add(List.of(entry(0, arrived("a", Optional.empty(), true)))));
        assertLost(() -> stale.begun(info(LARGE, 100), ObjectMetadata.EMPTY, "token 2"));
        assertLost(() -> stale.safe(LARGE, List.of(segment(0))));
        assertLost(() -> stale.dropped(List.of(LARGE)));
        assertLost(stale::requireCurrent);
        journal(two, migration).requireCurrent();

        assertThat(journal(two, migration).unfinished(LARGE).orElseThrow().token())
                .isEqualTo("token 1");
        assertThat(journal(two, migration).unfinished(LARGE).orElseThrow().safe())
                .isEmpty();
        assertThat(site.count("SELECT COUNT(*) FROM migration_object")).isZero();
    }

    @Test
    void damaged_rows_are_as_if_they_were_not_there() {
        NewMigration migration = begun();
        journal(one, migration).begun(info(LARGE, 100), ObjectMetadata.EMPTY, "token 1");
        journal(one, migration).safe(LARGE, List.of(segment(0), segment(1)));
        journal(one, migration)
                .add(List.of(
                        entry(0, arrived("a", Optional.empty(), true)),
                        entry(1, arrived("b", Optional.empty(), true))));
        execute("UPDATE migration_arrived SET digest = voucher WHERE size = 1");
        execute("UPDATE migration_arrived SET here_seconds = 9223372036854775807 WHERE size = 2");
        execute("UPDATE migration_segment SET voucher = digest WHERE segment = 0");
        site.outlive(two);

        assertThat(journal(two, migration).arrived(List.of(ObjectPath.of("a"), ObjectPath.of("b"))))
                .isEmpty();
        assertThat(journal(two, migration).unfinished(LARGE).orElseThrow().safe())
                .containsExactly(segment(1));
        execute("UPDATE migration_staged SET path = '../x'");
        assertThat(journal(two, migration).unfinished(LARGE)).isEmpty();
    }

    @Test
    void the_report_has_the_leaves_of_the_last_run() {
        NewMigration migration = begun();
        Arrived a = arrived("a", Optional.empty(), true);
        Arrived b = arrived("b", Optional.empty(), true);
        journal(one, migration).add(List.of(entry(1, b), entry(0, a)));
        site.outlive(two);
        journal(two, migration).add(List.of(new JournalEntry(outcome(b), leaf(0, b), Optional.empty(), List.of())));

        List<Map<String, Object>> leaves = site.database.read(
                handle -> handle.createQuery("SELECT path, size, leaf FROM migration_object WHERE run ="
                                + " (SELECT fence FROM migration) AND outcome = 'ARRIVED' ORDER BY leaf")
                        .mapToMap()
                        .list());
        assertThat(leaves).hasSize(1);
        assertThat(leaves.get(0)).containsEntry("path", "b");
        byte[] digest = site.value(
                byte[].class,
                "SELECT digest FROM migration_object WHERE path = 'b' AND migration = :id",
                migration.id());
        assertThat(digest).isEqualTo(b.digest().bytes());
    }

    @Test
    void without_room_in_the_journal_the_run_goes_on_and_says_so_once() {
        NewMigration migration = begun();
        Journal journal = journal(one, migration);
        for (int i = 0; i < 4; i++) {
            journal.add(many("x" + i, 500));
        }
        assertThat(site.count("SELECT COUNT(*) FROM migration_arrived")).isEqualTo(2_000);

        journal.add(many("y", 500));
        journal.add(many("z", 500));
        journal.begun(info(LARGE, 100), ObjectMetadata.EMPTY, "token");
        journal.safe(LARGE, List.of(segment(0)));

        assertThat(site.count("SELECT COUNT(*) FROM migration_arrived")).isEqualTo(2_000);
        assertThat(site.count("SELECT COUNT(*) FROM migration_staged")).isEqualTo(1);
        assertThat(site.count("SELECT COUNT(*) FROM migration_segment")).isZero();
        assertThat(site.count("SELECT COUNT(*) FROM account_event WHERE type = 'migration.unjournaled'"))
                .isEqualTo(1);
    }

    @Test
    void what_is_gone_from_the_journal_or_entered_again_leaves_room() {
        NewMigration migration = begun();
        Journal journal = journal(one, migration);
        journal.add(many("x", 400));
        for (int i = 0; i < 300; i++) {
            journal.begun(info(LARGE, 100), ObjectMetadata.EMPTY, "token" + i);
            journal.dropped(List.of(LARGE));
        }
        for (int i = 0; i < 6; i++) {
            journal.add(many("x", 400));
        }
        journal.add(many("y", 400));

        assertThat(site.count("SELECT COUNT(*) FROM migration_arrived")).isEqualTo(800);
        assertThat(site.count("SELECT COUNT(*) FROM account_event WHERE type = 'migration.unjournaled'"))
                .isZero();
        assertThat(two.work().migrations().show(alice, migration.id()).id()).isEqualTo(migration.id());
    }

    @Test
    void the_journal_of_a_migration_that_completed_goes_with_all_that_is_staged() {
        NewMigration migration = journaled();
        site.outlive(two);
        one.work().tidy();
        assertThat(rows()).as("while it may go on").isEqualTo(4);

        two.engine().completes(migration.id());
        two.work().tidy();
        assertThat(rows()).as("while a process has it").isEqualTo(4);
        two.turn();
        two.work().tidy();

        assertThat(rows()).isZero();
        assertThat(discarded).containsExactly(LARGE + " token 1");
        assertThat(site.count("SELECT COUNT(*) FROM migration_object")).isEqualTo(1);
        assertThat(site.count("SELECT journaled + journal_entries FROM migration"))
                .isZero();
    }

    @Test
    void what_can_be_tried_again_keeps_its_journal_for_the_next_run() {
        NewMigration migration = journaled();
        completesWithFailures(migration);
        one.work().tidy();
        assertThat(rows()).isEqualTo(4);

        assertThat(one.work().migrations().retry(alice, migration.id()).id()).isEqualTo(migration.id());
        one.turn();
        assertThat(journal(one, migration).arrived(List.of(ObjectPath.of("a")))).hasSize(1);
        completesWithFailures(migration);
        site.pass(8L * 86_400_000);
        one.turn();
        one.work().tidy();
        one.work().tidy();

        assertThat(rows()).as("when no grant can live any more").isZero();
        assertThat(discarded).containsExactly(LARGE + " token 1");
    }

    @Test
    void nothing_is_removed_of_a_migration_that_is_under_way_again() {
        NewMigration migration = journaled();
        journal(one, migration).begun(info("other", 100), ObjectMetadata.EMPTY, "token 2");
        one.work().migrations().cancel(alice, migration.id());
        one.turn();
        discarding = () -> execute("UPDATE migration SET state = 'RUNNING', psk = content");

        one.work().tidy();

        assertThat(discarded).hasSize(1);
        assertThat(rows()).isEqualTo(5);
        assertThat(site.count("SELECT journaled FROM migration")).isEqualTo(1);
    }

    @Test
    void the_journal_of_a_migration_that_failed_stays_for_the_next_run_and_goes_when_it_is_cancelled() {
        NewMigration migration = journaled();
        one.engine().fails(migration.id(), ErrorCode.REVOKED, true);
        one.turn();
        one.work().tidy();
        assertThat(rows()).isEqualTo(4);

        one.work().migrations().cancel(alice, migration.id());
        one.work().tidy();

        assertThat(rows()).isZero();
        assertThat(discarded).hasSize(1);
    }

    @Test
    void while_the_store_is_away_what_is_staged_is_remembered() {
        NewMigration migration = journaled();
        one.work().migrations().cancel(alice, migration.id());
        one.turn();
        refusal = new StoreException(StoreError.UNAVAILABLE, "the store is not there");
        one.work().tidy();
        assertThat(site.count("SELECT COUNT(*) FROM migration_staged")).isEqualTo(1);

        refusal = null;
        one.work().tidy();

        assertThat(rows()).isZero();
        assertThat(discarded).containsExactly(LARGE + " token 1");
    }

    @Test
    void a_journal_that_cannot_be_removed_keeps_no_other_from_its_turn() {
        NewMigration stuck = journaled();
        two.work().migrations().cancel(alice, stuck.id());
        site.pass(1_000);
        NewMigration behind = journaled();
        two.work().migrations().cancel(alice, behind.id());
        one.turn();
        AtomicBoolean first = new AtomicBoolean(true);
        discarding = () -> {
            if (first.getAndSet(false)) {
                throw new IllegalStateException("the store's client is broken");
            }
        };

        one.work().tidy();

        assertThat(site.value(Long.class, "SELECT journaled FROM migration WHERE id = :id", stuck.id()))
                .isEqualTo(1);
        assertThat(site.value(Long.class, "SELECT journaled FROM migration WHERE id = :id", behind.id()))
                .isZero();
    }

    @Test
    void only_one_process_removes_at_a_time() {
        NewMigration migration = journaled();
        two.work().migrations().cancel(alice, migration.id());
        one.turn();
        execute("INSERT INTO job (name, account, holder) SELECT 'tidy', 1, MAX(id) FROM instance");
        one.work().tidy();
        assertThat(rows()).isPositive();

        execute("DELETE FROM job");
        one.work().tidy();

        assertThat(rows()).isZero();
    }

    @Test
    void what_a_store_refuses_to_remove_keeps_no_journal() {
        NewMigration migration = journaled();
        one.work().migrations().cancel(alice, migration.id());
        one.turn();
        refusal = new StoreException(StoreError.IO_ERROR, "it cannot be removed");

        one.work().tidy();

        assertThat(rows()).isZero();
    }

    @Test
    void an_old_migration_and_an_erased_account_go_with_their_journals() {
        NewMigration old = journaled();
        one.engine().fails(old.id(), ErrorCode.REVOKED, true);
        one.turn();
        site.pass(91L * 86_400_000);
        one.turn();
        one.work().tidy();
        assertThat(site.count("SELECT COUNT(*) FROM migration")).isZero();
        assertThat(rows()).isZero();
        assertThat(discarded).hasSize(1);

        NewMigration unused = journaled();
        execute("UPDATE account SET state = 'ERASING'");
        one.work().tidy();
        one.turn();
        site.pass(5_000);
        one.turn();
        one.work().tidy();

        assertThat(site.count("SELECT COUNT(*) FROM account")).isZero();
        assertThat(rows()).isZero();
        assertThat(discarded).hasSize(2);
    }

    @Test
    void what_pauses_and_is_forgotten_goes_with_age() {
        NewMigration forgotten = journaled();
        site.pass(60L * 86_400_000);
        one.turn();
        assertThat(one.work().migrations().pause(alice, forgotten.id()).id()).isEqualTo(forgotten.id());
        one.turn();
        site.pass(60L * 86_400_000);
        one.turn();
        one.work().tidy();
        assertThat(rows()).as("60 days after it was paused").isEqualTo(4);

        site.pass(31L * 86_400_000);
        one.turn();
        one.work().tidy();

        assertThat(site.count("SELECT COUNT(*) FROM migration")).isZero();
        assertThat(rows()).isZero();
        assertThat(discarded).hasSize(1);
    }

    /** A migration of one process, with an object that arrived, one that is staged and a segment of it. */
    private NewMigration journaled() {
        NewMigration migration = begun();
        journal(one, migration).begun(info(LARGE, 100), ObjectMetadata.EMPTY, "token 1");
        journal(one, migration).safe(LARGE, List.of(segment(0), segment(1)));
        journal(one, migration).add(List.of(entry(0, arrived("a", Optional.empty(), true))));
        return migration;
    }

    private void completesWithFailures(NewMigration migration) {
        Progress failed = new Progress(5, true, 3, 1, 1, 0, 10, 10, 9);
        one.engine().destination(migration.id(), MigrationState.RUNNING, failed, Optional.empty());
        one.turn();
        one.engine().completes(migration.id());
        one.engine().destination(migration.id(), MigrationState.COMPLETED, failed, Optional.empty());
        one.turn();
    }

    private NewMigration begun() {
        NewMigration migration = site.migration();
        assertThat(one.work().migrations().create(alice, migration).fresh()).isTrue();
        one.turn();
        return migration;
    }

    private static Journal journal(Node process, NewMigration migration) {
        return Objects.requireNonNull(process.engine().orders.get(migration.id()))
                .journal();
    }

    private static List<JournalEntry> many(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> entry(i, arrived(name + i, Optional.empty(), true)))
                .toList();
    }

    private static JournalEntry entry(long index, Arrived object) {
        return new JournalEntry(outcome(object), leaf(index, object), Optional.of(object), List.of());
    }

    private static Optional<JournalEntry.Leaf> leaf(long index, Arrived object) {
        return Optional.of(new JournalEntry.Leaf(index, object.digest()));
    }

    private static ObjectOutcome outcome(Arrived object) {
        return new ObjectOutcome(
                object.listed().path().toString(),
                object.stored() ? ObjectOutcome.Kind.ARRIVED : ObjectOutcome.Kind.ALREADY_THERE,
                Optional.empty(),
                OptionalLong.of(object.listed().size()),
                Optional.empty());
    }

    private static Arrived arrived(String path, Optional<String> etag, boolean stored) {
        ObjectInfo info = info(path, path.equals("a") ? 1 : 2);
        return new Arrived(info, info.path(), MODIFIED, etag, stored, digest(path.length()), Optional.of(voucher(1)));
    }

    private static ObjectInfo info(String path, long size) {
        return info(ObjectPath.of(path), size);
    }

    private static ObjectInfo info(ObjectPath path, long size) {
        return new ObjectInfo(path, size, MODIFIED);
    }

    private static SafeSegment segment(int number) {
        return new SafeSegment(number, digest(number), voucher(number));
    }

    private static Digest digest(int number) {
        return Digest.sha256(new byte[] {(byte) number});
    }

    private static Voucher voucher(int number) {
        byte[] bytes = new byte[Voucher.LENGTH];
        bytes[0] = (byte) number;
        return Voucher.of(bytes);
    }

    private long rows() {
        List<String> tables = List.of("migration_arrived", "migration_staged", "migration_segment");
        return tables.stream()
                .mapToLong(table -> site.count("SELECT COUNT(*) FROM " + table))
                .sum();
    }

    private void execute(String sql) {
        int unused = site.database.transaction(handle -> handle.execute(sql));
    }

    private static void assertLost(ThrowingCallable write) {
        assertThatThrownBy(write).isInstanceOfSatisfying(MeshException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.CANCELLED));
    }

    /** A store with nothing in it, that says what it is asked to discard. */
    private ObjectStore objects(Account account) {
        return (ObjectStore) Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "discard" -> {
                            StoreException refused = refusal;
                            if (refused != null) {
                                throw refused;
                            }
                            discarding.run();
                            discarded.add(arguments[0] + " " + arguments[1]);
                            return null;
                        }
                        case "listSizes" -> {
                            return new NothingListed();
                        }
                        case "toString" -> {
                            return "nothing";
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    }
                });
    }

    private static final class NothingListed implements io.ferrymesh.stores.ObjectListing {
        @Override
        public List<io.ferrymesh.stores.ListingEntry> next(int max) {
            return new ArrayList<>();
        }

        @Override
        public void close() {}
    }
}
