package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.Skipped;
import io.ferrymesh.stores.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a source of a move keeps, and what the destination of a mirror is told. */
class MoveAndMirrorTest extends WithStores {

    private final List<String> kept = new ArrayList<>();
    private final List<Departed> departed = new ArrayList<>();
    private boolean broken;
    private boolean busy;
    private boolean barred;
    private FaultyStore destination = to;
    private final AtomicInteger over = new AtomicInteger();

    @Test
    void what_arrived_is_kept_before_the_receipt_and_the_end_after_it() throws StoreException {
        for (int i = 0; i < 600; i++) {
            from.put("small/" + (1_000 + i), "content " + i, EARLY);
        }
        from.put("z conflicts", "one", EARLY);
        to.put("z conflicts", "another", EARLY);
        from.put("zz excluded", "two", EARLY);

        MigrationStatus status = moved(new OptionsFor()
                .with(OptionsFor.globs(List.of(), List.of("zz*")))
                .build());

        assertThat(status.state()).isEqualTo(MigrationState.COMPLETED);
        assertMarkGoes(to);
        assertThat(kept).containsExactly("1: 512", "1: 88", "1: receipt", "1: completed");
        assertThat(departed)
                .extracting(each -> each.listed().path().toString())
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 600)
                        .mapToObj(i -> "small/" + (1_000 + i))
                        .toList());
        for (Departed each : departed) {
            assertThat(each.listed())
                    .isEqualTo(from.details(each.listed().path()).info());
            assertThat(each.etag()).contains(from.details(each.listed().path()).etag());
        }
    }

    @Test
    void what_a_run_finds_to_be_known_is_kept_with_the_etag_that_was_read_then() throws StoreException {
        from.put("a", "one", EARLY);
        from.put("b", "two", EARLY);
        MemoryJournal journal = new MemoryJournal();
        MigrationId id = MigrationId.random(fixture.random);
        Fixture.Provider source = offered(id);
        MigrationStatus first = fixture.fetch(fixture.provider(), id, to, TransferOptions.DEFAULTS, journal);
        assertThat(first.state()).isEqualTo(MigrationState.COMPLETED);
        MigrationStatus unused = fixture.over(() -> source.engine().source(id).orElseThrow());
        departed.clear();
        Fixture.Provider again = offered(id);

        MigrationStatus second = fixture.fetch(fixture.provider(), id, to, TransferOptions.DEFAULTS, journal);

        assertThat(second.state()).isEqualTo(MigrationState.COMPLETED);
        MigrationStatus unusedToo = fixture.over(() -> again.engine().source(id).orElseThrow());
        assertThat(departed).hasSize(2);
        for (Departed each : departed) {
            assertThat(each.etag()).contains(from.details(each.listed().path()).etag());
        }
    }

    @Test
    void what_has_changed_since_an_earlier_run_read_it_is_sent_again_though_size_and_time_are_the_same() {
        from.put("a", "one", EARLY);
        MemoryJournal journal = new MemoryJournal();
        MigrationId id = MigrationId.random(fixture.random);
        Fixture.Provider source = offered(id);
        MigrationStatus first = fixture.fetch(fixture.provider(), id, to, TransferOptions.DEFAULTS, journal);
        assertThat(first.state()).isEqualTo(MigrationState.COMPLETED);
        MigrationStatus unused = fixture.over(() -> source.engine().source(id).orElseThrow());
        from.put("a", "two", EARLY);
        departed.clear();
        Fixture.Provider again = offered(id);

        MigrationStatus second = fixture.fetch(
                fixture.provider(),
                id,
                to,
                OptionsFor.conflicts(ConflictPolicy.OVERWRITE).build(),
                journal);

        assertThat(second.state()).isEqualTo(MigrationState.COMPLETED);
        MigrationStatus unusedToo = fixture.over(() -> again.engine().source(id).orElseThrow());
        assertThat(departed).hasSize(1);
        assertThat(to.contents()).containsEntry("a", "two");
    }

    @Test
    void nothing_moves_to_where_it_is() {
        from.put("a", "one", EARLY);
        from.put("b", "two", EARLY);
        destination = from;
        MigrationId id = MigrationId.random(fixture.random);
        Fixture.Provider source = offered(id);

        MigrationStatus there =
                fixture.fetch(fixture.provider(), id, from, TransferOptions.DEFAULTS, new MemoryJournal());

        assertThat(there.state()).isEqualTo(MigrationState.FAILED);
        assertThat(there.failure()).contains(ErrorCode.CONFLICT);
        MigrationStatus unused = fixture.over(() -> source.engine().source(id).orElseThrow());
        assertThat(kept).isEmpty();
        assertMarkGoes(from);
    }

    @Test
    void a_move_that_may_not_begin_lists_nothing() {
        from.put("a", "one", EARLY);
        busy = true;

        MigrationStatus status = moved(TransferOptions.DEFAULTS);

        assertThat(status.failure()).contains(ErrorCode.OVERLOADED);
        assertThat(status.counts().objectsListed()).isZero();
        assertThat(kept).isEmpty();
        assertMarkGoes(to);
    }

    @Test
    void a_dry_run_of_a_move_puts_nothing_into_the_store_and_keeps_nothing() {
        from.put("a", "one", EARLY);
        MigrationId id = MigrationId.random(fixture.random);
        Fixture.Provider source = offered(id);

        MigrationStatus status = fixture.fetch(
                fixture.provider(), id, to, new OptionsFor().dryRun().build(), new MemoryJournal());

        assertThat(status.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(status.counts().objectsListed()).isEqualTo(1);
        assertThat(to.contents()).isEmpty();
        MigrationStatus unused = fixture.over(() -> source.engine().source(id).orElseThrow());
        assertThat(kept).isEmpty();
        assertThat(over).hasValue(0);
    }

    @Test
    void a_source_below_where_things_arrive_is_known_by_the_name_that_it_lists() {
        MoveMark mark = new MoveMark(MigrationId.parse("ab".repeat(16)), "photos/");

        assertThat(mark.path()).hasToString("photos/ferrymesh-move-" + "ab".repeat(16));
        mark.requireOther("photos/ferrymesh-move-" + "cd".repeat(16));
        assertThatThrownBy(() -> mark.requireOther("below/" + mark.path()))
                .isInstanceOfSatisfying(
                        MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
    }

    @Test
    void without_a_place_to_keep_it_there_is_no_receipt() {
        from.put("a", "one", EARLY);
        broken = true;

        MigrationStatus status = moved(TransferOptions.DEFAULTS);

        assertThat(status.state()).isEqualTo(MigrationState.FAILED);
        assertThat(kept).isEmpty();
    }

    @Test
    void a_mirror_is_told_all_that_the_source_has_and_where_it_looked() {
        from.put("a", "one", EARLY);
        from.put("b excluded", "two", EARLY);
        from.put("c conflicts", "one", EARLY);
        to.put("c conflicts", "another", EARLY);
        MemoryJournal journal = new MemoryJournal();

        MigrationStatus status = mirrored(
                journal,
                new OptionsFor()
                        .with(OptionsFor.globs(List.of(), List.of("b*")))
                        .mirror()
                        .build());

        assertThat(status.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(journal.listed).containsExactly("a", "b excluded", "c conflicts");
        assertThat(journal.source).isEqualTo(Optional.of(""));
        assertThat(journal.here).as("before that").containsExactly("c conflicts", ".");
    }

    @Test
    void a_mirror_is_told_what_may_hide_something() {
        MemoryJournal journal = new MemoryJournal();
        MirrorSink mirror = new MirrorSink(Optional.of(journal), stopped -> {});
        mirror.scope(new Scope("", false));
        mirror.skipped(new Skipped("closed/", Skipped.Reason.UNREADABLE));
        mirror.skipped(new Skipped("gone", Skipped.Reason.VANISHED));
        mirror.skipped(new Skipped("link", Skipped.Reason.SYMBOLIC_LINK));
        mirror.skipped(new Skipped("pipe", Skipped.Reason.SPECIAL_FILE));
        mirror.complete();

        assertThat(journal.listed).containsExactly("closed/", "gone", "link", "pipe");
        assertThat(journal.hiding).containsExactly("closed/", "gone", "link");
    }

    @Test
    void a_dry_run_of_a_mirror_tells_as_much_and_a_run_that_is_none_nothing() {
        from.put("a", "one", EARLY);
        MemoryJournal journal = new MemoryJournal();

        MigrationStatus unused = mirrored(journal, new OptionsFor().build());
        assertThat(journal.listed).isEmpty();
        MigrationStatus unusedToo =
                mirrored(journal, new OptionsFor().mirror().dryRun().build());

        assertThat(journal.listed).containsExactly("a");
    }

    @Test
    void a_source_that_erases_what_arrives_has_no_mirror() {
        from.put("a", "one", EARLY);

        MigrationStatus status = moved(new OptionsFor().mirror().build());

        assertThat(status.state()).isEqualTo(MigrationState.FAILED);
        assertThat(status.failure()).contains(ErrorCode.CONFLICT);
        assertThat(departed).isEmpty();
    }

    @Test
    void policies_that_keep_both_or_go_by_age_have_no_mirror() {
        assertThatThrownBy(() ->
                        OptionsFor.conflicts(ConflictPolicy.KEEP_BOTH).mirror().build())
                .hasMessageContaining("KEEP_BOTH");
        assertThatThrownBy(() -> OptionsFor.conflicts(ConflictPolicy.OVERWRITE_OLDER)
                        .mirror()
                        .build())
                .hasMessageContaining("OVERWRITE_OLDER");
    }

    @Test
    void a_move_that_may_not_begin_is_refused_before_there_is_a_session() throws StoreException {
        from.put("a", "one", EARLY);
        barred = true;

        MigrationId id = MigrationId.random(fixture.random);
        Fixture.Provider source = offered(id);
        MigrationStatus status =
                fixture.fetch(fixture.provider(), id, to, TransferOptions.DEFAULTS, new MemoryJournal());

        assertThat(status.state()).isEqualTo(MigrationState.FAILED);
        assertThat(status.failure()).contains(ErrorCode.OVERLOADED);
        assertThat(source.engine().refused(id)).isZero();
        assertThat(run).as("sessions").isZero();
        assertThat(marks(to)).isEmpty();
    }

    @Test
    void a_source_says_once_and_first_what_it_lists() {
        MemoryJournal journal = new MemoryJournal();
        MirrorSink late = new MirrorSink(Optional.of(journal), stopped -> {});
        assertInvalid(() -> late.listed("a"));
        assertInvalid(() -> late.scope(new Scope("", false)));
        assertInvalid(() -> new MirrorSink(Optional.of(journal), stopped -> {}).complete());
        MirrorSink twice = new MirrorSink(Optional.empty(), stopped -> {});
        twice.scope(new Scope("", true));
        assertInvalid(() -> twice.scope(new Scope("", true)));
        byte[] noText = {RecordType.SCOPE.code(), 0, 0, 1, (byte) 0xff};
        assertInvalid(() -> Scope.read(reader(noText)));
        byte[] tooLong = new Scope("a".repeat(ObjectPath.MAX_BYTES + 1), false).record();
        assertInvalid(() -> Scope.read(reader(tooLong)));
        Scope scope = new Scope("ü/", true);
        assertThat(Scope.read(reader(scope.record()))).isEqualTo(scope);
    }

    private static RecordReader reader(byte[] record) {
        RecordReader reader = new RecordReader(record, 0, record.length);
        assertThat(reader.type()).isEqualTo(RecordType.SCOPE);
        return reader;
    }

    private static void assertInvalid(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(MeshException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.INVALID_MESSAGE));
    }

    /** A worker removes it once the run has ended. */
    private static void assertMarkGoes(FaultyStore store) {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!marks(store).isEmpty() && System.nanoTime() - until < 0) {
            Thread.onSpinWait();
        }
        assertThat(marks(store)).isEmpty();
    }

    private static List<String> marks(FaultyStore store) {
        return store.contents().keySet().stream()
                .filter(path -> path.contains("ferrymesh-move-"))
                .toList();
    }

    private MigrationStatus mirrored(MemoryJournal journal, TransferOptions options) {
        MigrationId id = MigrationId.random(fixture.random);
        fixture.offer(fixture.provider(), id, new byte[32], from);
        return fixture.fetch(fixture.provider(), id, to, options, journal);
    }

    private MigrationStatus moved(TransferOptions options) {
        MigrationId id = MigrationId.random(fixture.random);
        Fixture.Provider source = offered(id);
        MigrationStatus there = fixture.fetch(fixture.provider(), id, to, options, new MemoryJournal());
        MigrationStatus unused = fixture.over(() -> source.engine().source(id).orElseThrow());
        return there;
    }

    private Fixture.Provider offered(MigrationId id) {
        Fixture.Provider source = fixture.provider();
        byte[] key = new byte[32];
        Fixture.done(source.engine()
                .offer(new SourceOffer(
                        id,
                        Psk.of(key),
                        Fixture.voucherKey(key),
                        from,
                        "",
                        Fixture.NOW.plus(Duration.ofHours(1)),
                        receipt -> kept.add(run + ": receipt"),
                        "alice",
                        Optional.of(new Log()))));
        return source;
    }

    private final class Log implements DepartureLog {

        @Override
        public boolean mayBegin() {
            return !barred;
        }

        @Override
        public DepartureLog.Run begin() {
            return MoveAndMirrorTest.this.begin();
        }
    }

    private int run;

    private DepartureLog.Run begin() {
        int number = ++run;
        return new DepartureLog.Run() {
            @Override
            public void begins() {
                if (busy) {
                    throw new MeshException(ErrorCode.OVERLOADED, "something arrives here");
                }
                assertThat(marks(destination)).as("before anything is listed").hasSize(1);
            }

            @Override
            public void over() {
                int unused = over.incrementAndGet();
            }

            @Override
            public void arrived(List<Departed> objects) {
                if (broken) {
                    throw new MeshException(ErrorCode.UNAVAILABLE, "the database is away");
                }
                kept.add(number + ": " + objects.size());
                departed.addAll(objects);
            }

            @Override
            public void completed() {
                kept.add(number + ": completed");
            }
        };
    }
}
