package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.scheme.Voucher;
import io.ferrymesh.scheme.VoucherKey;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.directory.DirectoryStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A second run with what the first has journaled: what is read and sent again, and what is not. */
class ResumeTest {

    private static final Instant MODIFIED = Instant.ofEpochSecond(1_700_000_000L, 123_456_789);
    private static final ObjectPath LARGE = ObjectPath.of("large");

    private final Fixture fixture = new Fixture();
    private final MigrationId id = MigrationId.random(fixture.random);
    private final byte[] key = new byte[32];
    private final MemoryStore.Disk from = new MemoryStore.Disk();
    private final MemoryStore.Disk to = new MemoryStore.Disk();
    private final MemoryJournal.Kept kept = new MemoryJournal.Kept();

    @BeforeEach
    void objects() {
        for (int i = 0; i < 30; i++) {
            byte[] content = new byte[i * 1_000];
            Arrays.fill(content, (byte) i);
            from.put("small/%02d".formatted(i), content, MODIFIED.plusNanos(i));
        }
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void what_arrived_is_neither_read_nor_sent_again() {
        large(2 * Segments.BYTES + 7);
        MigrationStatus first = unfinishedAfterAll();
        from.forgetReads();
        to.forgetReads();

        MigrationStatus second = run();

        assertThat(second.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(from.reads()).isEmpty();
        assertThat(to.reads()).isEmpty();
        assertThat(to.bytesWritten).isZero();
        assertThat(second.counts().objectsStored()).isEqualTo(31);
        assertThat(second.counts().bytesMoved()).isZero();
        assertThat(second.counts().bytesDone()).isEqualTo(second.counts().bytesListed());
        assertThat(first.failure()).contains(ErrorCode.UNAVAILABLE);
        assertThat(to.contents()).isEqualTo(from.contents());
        assertThat(second.root()).isEqualTo(freshRoot());
    }

    @Test
    void what_was_there_before_is_not_compared_again_either() {
        large(Segments.BYTES + 7);
        to.put("small/03", bytesOf("small/03"), MODIFIED.minusSeconds(9));
        to.put("large", bytesOf("large"), MODIFIED.minusSeconds(9));
        MigrationStatus first = unfinishedAfterAll();
        assertThat(first.counts().objectsPresent()).isEqualTo(2);
        from.forgetReads();
        to.forgetReads();

        MigrationStatus second = run();

        assertThat(second.counts().objectsPresent()).isEqualTo(2);
        assertThat(second.counts().objectsStored()).isEqualTo(29);
        assertThat(from.reads()).isEmpty();
        assertThat(to.reads()).isEmpty();
    }

    @Test
    void the_entries_of_the_last_run_have_the_leaves_of_its_receipt_in_order() {
        MigrationStatus unused = unfinishedAfterAll();
        from.put("a new one", new byte[3], MODIFIED);
        kept.entries.clear();

        MigrationStatus second = run();

        List<JournalEntry> inOrder = kept.entries.stream()
                .sorted(java.util.Comparator.comparing(
                        entry -> entry.leaf().orElseThrow().index()))
                .toList();
        var tree = new io.ferrymesh.scheme.MerkleTree();
        for (JournalEntry entry : inOrder) {
            tree.append(io.ferrymesh.scheme.MerkleLeaf.encode(
                    ObjectPath.of(entry.result().path()).utf8(),
                    entry.result().size().orElseThrow(),
                    entry.leaf().orElseThrow().digest()));
        }
        assertThat(inOrder).hasSize(31);
        assertThat(second.root()).contains(tree.root());
    }

    @Test
    void of_an_unfinished_object_only_the_segments_that_are_not_safe_are_sent() {
        large(5 * Segments.BYTES + 7);
        MigrationStatus first = stoppedWhen(2);
        Set<Integer> safe = Set.copyOf(kept.safe(LARGE));
        assertThat(first.state()).isEqualTo(MigrationState.FAILED);
        assertThat(safe).hasSizeGreaterThanOrEqualTo(2);
        from.forgetReads();

        MigrationStatus second = run();

        assertThat(second.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(from.reads()).isNotEmpty().doesNotContainAnyElementsOf(numbered(safe));
        assertThat(to.contents()).isEqualTo(from.contents());
        assertThat(kept.unfinished).isEmpty();
        assertThat(to.kept).isEmpty();
        assertThat(kept.segments.get(LARGE)).hasSize(6);
        assertThat(second.root()).isEqualTo(freshRoot());
    }

    @Test
    void an_object_of_which_every_segment_is_safe_is_published_without_another_byte() {
        large(2 * Segments.BYTES);
        AtomicInteger publications = new AtomicInteger();
        MigrationStatus first = run(
                new MemoryStore(to, step -> {
                    if (step.equals("publish large") && publications.incrementAndGet() == 1) {
                        throw new MeshException(ErrorCode.UNAVAILABLE, "away for a moment");
                    }
                }),
                journal());
        assertThat(first.failure()).contains(ErrorCode.UNAVAILABLE);
        assertThat(kept.safe(LARGE)).containsExactlyInAnyOrder(0, 1);
        to.forceAll();
        from.forgetReads();
        to.forgetReads();

        MigrationStatus second = run();

        assertThat(second.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(from.reads()).noneMatch(read -> read.startsWith("large"));
        assertThat(second.counts().objectsStored()).isPositive();
        assertThat(to.contents()).isEqualTo(from.contents());
    }

    @Test
    void an_object_that_changed_at_the_source_is_sent_anew_and_the_rest_is_not() {
        large(2 * Segments.BYTES + 7);
        MigrationStatus unused = unfinishedAfterAll();
        to.objects.remove(ObjectPath.of("small/05"));
        from.put("small/05", new byte[] {1, 2, 3}, MODIFIED.plusSeconds(1));
        from.put("small/06", bytesOf("small/06"), MODIFIED.plusSeconds(1));
        from.forgetReads();

        MigrationStatus second = run();

        assertThat(second.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(from.reads()).containsExactly("small/05#0", "small/06#0");
        assertThat(second.counts().objectsPresent()).isEqualTo(1);
        assertThat(arrived("small/05").listed().size()).isEqualTo(3);
    }

    @Test
    void an_unfinished_object_that_changed_at_the_source_begins_anew() {
        large(4 * Segments.BYTES);
        MigrationStatus unused = stoppedWhen(2);
        byte[] other = new byte[4 * Segments.BYTES];
        Arrays.fill(other, (byte) 3);
        from.put("large", other, MODIFIED.plusSeconds(1));

        MigrationStatus second = run();

        assertThat(second.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(to.contents()).isEqualTo(from.contents());
        assertThat(to.kept).as("what was staged of the old one").isEmpty();
    }

    @Test
    void an_object_that_changed_or_vanished_at_the_destination_is_not_taken_for_the_one_that_arrived() {
        large(Segments.BYTES + 7);
        MigrationStatus unused = unfinishedAfterAll();
        to.objects.remove(ObjectPath.of("small/05"));
        byte[] other = new byte[6_000];
        to.put("small/06", other, MODIFIED.plusSeconds(77));
        byte[] larger = bytesOf("large").clone();
        larger[5] ^= 1;
        to.put("large", larger, MODIFIED);

        MigrationStatus second = run();

        assertThat(second.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(to.objects).containsKey(ObjectPath.of("small/05"));
        assertThat(second.problems())
                .extracting(Problem::name, Problem::code)
                .containsExactlyInAnyOrder(
                        org.assertj.core.api.Assertions.tuple("small/06", "CONFLICT"),
                        org.assertj.core.api.Assertions.tuple("large", "CONFLICT"));
        assertThat(second.receipt().orElseThrow().receipt().objects()).isEqualTo(29);
    }

    @Test
    void vouchers_that_were_tampered_with_or_lie_elsewhere_cost_work_and_nothing_else() {
        large(2 * Segments.BYTES + 7);
        MigrationStatus unused = unfinishedAfterAll();
        Arrived three = arrived("small/03");
        Arrived four = arrived("small/04");
        replace("small/03", three, three.digest(), four.voucher());
        replace("small/05", arrived("small/05"), four.digest(), four.voucher());
        replace("small/07", arrived("small/07"), arrived("small/07").digest(), Optional.of(Voucher.of(new byte[16])));
        Map<Integer, SafeSegment> segments = Objects.requireNonNull(kept.segments.get(LARGE));
        SafeSegment first = Objects.requireNonNull(segments.get(0));
        segments.put(
                0,
                new SafeSegment(
                        0,
                        first.digest(),
                        Objects.requireNonNull(segments.get(1)).voucher()));
        from.forgetReads();

        MigrationStatus second = run();

        assertThat(second.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(from.reads())
                .containsExactly("large#0", "large#1", "large#2", "small/03#0", "small/05#0", "small/07#0");
        assertThat(second.counts().objectsPresent()).isEqualTo(4);
        assertThat(to.bytesWritten)
                .as("also in the first run")
                .isEqualTo(second.counts().bytesListed());
        assertThat(second.root()).isEqualTo(freshRoot());
        assertThat(arrived("small/03").voucher()).isEqualTo(three.voucher());
    }

    @Test
    void vouchers_of_unfinished_objects_are_checked_just_as_well() {
        large(4 * Segments.BYTES);
        MigrationStatus unused = stoppedWhen(2);
        Map<Integer, SafeSegment> segments = Objects.requireNonNull(kept.segments.get(LARGE));
        segments.replaceAll((number, safe) -> new SafeSegment(number, Digest.sha256(), safe.voucher()));

        MigrationStatus second = run();

        assertThat(second.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(to.contents()).isEqualTo(from.contents());
        assertThat(to.kept).isEmpty();
        assertThat(second.root()).isEqualTo(freshRoot());
    }

    @Test
    void a_source_with_another_key_believes_nothing_and_reads_again() {
        MigrationStatus unused = unfinishedAfterAll();
        from.forgetReads();
        var source = fixture.provider();
        Fixture.done(source.engine()
                .offer(new SourceOffer(
                        id,
                        Psk.of(key),
                        VoucherKey.random(fixture.random),
                        new MemoryStore(from),
                        "",
                        Fixture.NOW.plusSeconds(60),
                        ReceiptLog.NONE)));

        MigrationStatus second = fixture.fetch(fixture.provider(), id, key, new MemoryStore(to), journal());

        assertThat(second.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(second.counts().objectsPresent()).isEqualTo(30);
        assertThat(from.reads()).hasSize(29); // one is empty
    }

    @Test
    void a_damaged_journal_costs_work_and_nothing_else() {
        large(2 * Segments.BYTES + 7);
        MigrationStatus unused = unfinishedAfterAll();
        replace(
                "small/01",
                arrived("small/01"),
                Digest.sha256(new byte[] {1}),
                arrived("small/01").voucher());
        replace("small/02", arrived("small/02"), arrived("small/02").digest(), Optional.empty());
        Objects.requireNonNull(kept.segments.get(LARGE)).remove(1);
        from.forgetReads();

        MigrationStatus second = run();

        assertThat(second.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(from.reads()).containsExactly("large#0", "large#1", "large#2", "small/01#0", "small/02#0");
        assertThat(second.root()).isEqualTo(freshRoot());
    }

    @Test
    void a_journal_whose_object_digest_is_not_that_of_its_segments_is_not_believed() {
        large(2 * Segments.BYTES + 7);
        MigrationStatus unused = unfinishedAfterAll();
        replace("large", arrived("large"), Digest.sha256(), Optional.empty());
        from.forgetReads();

        MigrationStatus second = run();

        assertThat(second.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(from.reads()).containsExactly("large#0", "large#1", "large#2");
    }

    @Test
    void what_is_staged_and_gone_is_sent_anew() {
        large(4 * Segments.BYTES);
        MigrationStatus unused = stoppedWhen(2);
        to.kept.clear();

        MigrationStatus second = run();

        assertThat(second.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(to.contents()).isEqualTo(from.contents());
    }

    @Test
    void a_directory_whose_process_died_goes_on_in_the_middle_of_a_file(@TempDir Path root) throws Exception {
        large(5 * Segments.BYTES + 7);
        AtomicInteger safes = new AtomicInteger();
        MigrationStatus first = run(
                DirectoryStore.open(root), // and nobody closes it
                new MemoryJournal(kept, step -> {
                    if (step.startsWith("safe") && safes.incrementAndGet() > 2) {
                        throw new MeshException(ErrorCode.UNAVAILABLE, "the process is as good as dead");
                    }
                }));
        assertThat(first.state()).isEqualTo(MigrationState.FAILED);
        Set<Integer> safe = Set.copyOf(kept.safe(LARGE));
        assertThat(safe).isNotEmpty();
        from.forgetReads();

        MigrationStatus second = run(DirectoryStore.open(root), journal());

        assertThat(second.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(from.reads()).isNotEmpty().noneMatch(numbered(safe)::contains);
        assertThat(second.counts().bytesMoved())
                .isLessThanOrEqualTo(bytesOf("large").length - safe.size() * (long) Segments.BYTES + 435_000);
        assertThat(Files.readAllBytes(root.resolve("large"))).isEqualTo(bytesOf("large"));
        assertThat(second.root()).isEqualTo(freshRoot());
    }

    @Test
    void without_a_journal_an_unfinished_object_goes_with_its_run() {
        large(4 * Segments.BYTES);
        AtomicInteger written = new AtomicInteger();
        MemoryStore stopping = new MemoryStore(to, step -> {
            if (step.equals("write large") && written.incrementAndGet() > 300) {
                throw new MeshException(ErrorCode.UNAVAILABLE, "stopped");
            }
        });

        MigrationStatus status = run(stopping, Journal.none());

        assertThat(status.state()).isEqualTo(MigrationState.FAILED);
        assertThat(to.kept).isEmpty();
    }

    @Test
    void an_unfinished_object_that_fails_for_good_leaves_nothing() {
        large(4 * Segments.BYTES);
        AtomicInteger reads = new AtomicInteger();
        var source = fixture.provider();
        MemoryStore changing = new MemoryStore(from, step -> {
            if (step.equals("read large") && reads.incrementAndGet() == 400) {
                from.put("large", new byte[4 * Segments.BYTES], MODIFIED.plusSeconds(1));
            }
        });
        fixture.offer(source, id, key, changing);

        MigrationStatus status =
                fixture.fetch(fixture.provider(), id, key, new MemoryStore(to), journal(), OptionsFor.attempts(1));

        assertThat(status.problems()).containsExactly(new Problem("large", "SOURCE_CHANGED", true));
        assertThat(kept.unfinished).isEmpty();
        assertThat(kept.segments).isEmpty();
        assertThat(to.kept).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = StoreError.class,
            names = {"UNAVAILABLE", "THROTTLED", "IO_ERROR"})
    void what_is_staged_stays_when_the_store_cannot_say_whether_it_is_there(StoreError error) {
        large(5 * Segments.BYTES + 7);
        MigrationStatus unused = stoppedWhen(2);
        Set<Integer> safe = Set.copyOf(kept.safe(LARGE));
        from.forgetReads();

        MigrationStatus second = run(failing("resume large", 2, error), journal(), OptionsFor.attempts(3));

        assertThat(second.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(safe).isNotEmpty();
        assertThat(from.reads()).isNotEmpty().doesNotContainAnyElementsOf(numbered(safe));
        assertThat(to.contents()).isEqualTo(from.contents());
    }

    @Test
    void what_is_staged_stays_when_there_is_no_room_to_go_on() {
        large(5 * Segments.BYTES + 7);
        MigrationStatus unused = stoppedWhen(2);
        Set<Integer> safe = Set.copyOf(kept.safe(LARGE));

        MigrationStatus full = run(failing("resume large", 1, StoreError.FULL), journal());

        assertThat(full.failure()).contains(ErrorCode.DESTINATION_FULL);
        assertThat(safe).isNotEmpty().isEqualTo(Set.copyOf(kept.safe(LARGE)));
        assertThat(to.kept).hasSize(1);
        from.forgetReads();
        assertThat(run().state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(from.reads()).isNotEmpty().doesNotContainAnyElementsOf(numbered(safe));
    }

    @ParameterizedTest
    @ValueSource(strings = {"large", "small/07"})
    void what_arrived_is_known_once_the_store_can_say_that_it_is_there(String path) {
        large(Segments.BYTES + 7);
        MigrationStatus unused = unfinishedAfterAll();
        from.forgetReads();
        to.forgetReads();

        MigrationStatus second =
                run(failing("details " + path, 2, StoreError.THROTTLED), journal(), OptionsFor.attempts(3));

        assertThat(second.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(second.counts().objectsStored()).isEqualTo(31);
        assertThat(from.reads()).isEmpty();
        assertThat(to.reads()).isEmpty();
    }

    @Test
    void a_run_that_has_lost_its_lease_ends_and_keeps_nothing_more() {
        large(3 * Segments.BYTES);
        MigrationStatus status = run(new MemoryStore(to), new MemoryJournal(kept, step -> {
            throw new MeshException(ErrorCode.CANCELLED, "another process drives it");
        }));

        assertThat(status.state()).isEqualTo(MigrationState.FAILED);
        assertThat(status.failure()).contains(ErrorCode.CANCELLED);
        assertThat(kept.entries).isEmpty();
        assertThat(run().state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(to.contents()).isEqualTo(from.contents());
    }

    @Test
    void the_journal_is_asked_for_many_objects_at_once() {
        for (int i = 0; i < 2_000; i++) {
            from.put("many/%05d".formatted(i), new byte[0], MODIFIED);
        }
        MigrationStatus unused = unfinishedAfterAll();
        List<Integer> asked = new ArrayList<>();
        MemoryJournal journal = journal();
        MigrationStatus second = run(new MemoryStore(to), new CountingJournal(journal, asked));

        assertThat(second.state()).isEqualTo(MigrationState.COMPLETED);
        assertThat(asked).hasSizeLessThan(20).allMatch(count -> count <= Journal.AT_ONCE);
        assertThat(asked.stream().mapToInt(Integer::intValue).sum()).isEqualTo(2_030);
    }

    /** Everything arrives, and then the receipt cannot be kept. */
    private MigrationStatus unfinishedAfterAll() {
        offer();
        var destination = fixture.provider();
        Fixture.done(destination
                .engine()
                .begin(new DestinationOrder(id, Psk.of(key), new MemoryStore(to), journal(), receipt -> {
                    throw new MeshException(ErrorCode.UNAVAILABLE, "the database is away");
                })));
        MigrationStatus status =
                fixture.over(() -> destination.engine().destination(id).orElseThrow());
        Fixture.done(destination.engine().stop(id));
        return status;
    }

    /** Ends the run when so many segments of the large object are safe. */
    private MigrationStatus stoppedWhen(int safe) {
        return stopped(step -> step.startsWith("safe") && kept.safe(LARGE).size() >= safe - 1);
    }

    /** Ends the run behind the first such call of the journal. */
    private MigrationStatus stopped(java.util.function.Predicate<String> at) {
        AtomicInteger reached = new AtomicInteger();
        return run(
                new MemoryStore(to, step -> {
                    if (reached.get() > 0 && step.equals("write large")) {
                        throw new MeshException(ErrorCode.UNAVAILABLE, "stopped");
                    }
                }),
                new MemoryJournal(kept, step -> {
                    if (at.test(step)) {
                        reached.incrementAndGet();
                    }
                }));
    }

    private MigrationStatus run() {
        return run(new MemoryStore(to), journal());
    }

    private MigrationStatus run(ObjectStore store, Journal journal) {
        return run(store, journal, TransferOptions.DEFAULTS);
    }

    private MigrationStatus run(ObjectStore store, Journal journal, TransferOptions options) {
        offer();
        var destination = fixture.provider();
        MigrationStatus status = fixture.fetch(destination, id, key, store, journal, options);
        Fixture.done(destination.engine().stop(id)); // touches the store no more
        return status;
    }

    /** The destination's store, which cannot say so many times. */
    private MemoryStore failing(String what, int times, StoreError error) {
        AtomicInteger left = new AtomicInteger(times);
        MemoryStore store = new MemoryStore(to);
        store.fault = asked -> {
            if (asked.equals(what) && left.getAndDecrement() > 0) {
                throw new StoreException(error, "made to fail: " + what);
            }
        };
        return store;
    }

    /** Another process of the source every time. */
    private void offer() {
        fixture.offer(fixture.provider(), id, key, new MemoryStore(from));
    }

    private MemoryJournal journal() {
        return new MemoryJournal(kept, step -> {});
    }

    private Optional<Digest> freshRoot() {
        return fixture.migrate(
                        fixture.provider(),
                        new MemoryStore(from),
                        fixture.provider(),
                        new MemoryStore(new MemoryStore.Disk()))
                .root();
    }

    private void large(int size) {
        byte[] content = new byte[size];
        for (int i = 0; i < size; i += 4_096) {
            content[i] = (byte) (i >> 12);
        }
        from.put("large", content, MODIFIED);
    }

    private byte[] bytesOf(String path) {
        return Objects.requireNonNull(from.objects.get(ObjectPath.of(path))).content();
    }

    private Arrived arrived(String path) {
        return Objects.requireNonNull(kept.arrived.get(ObjectPath.of(path)));
    }

    private void replace(String path, Arrived was, Digest digest, Optional<Voucher> voucher) {
        kept.arrived.put(
                ObjectPath.of(path),
                new Arrived(was.listed(), was.at(), was.modifiedHere(), was.etag(), was.stored(), digest, voucher));
    }

    private static List<String> numbered(Set<Integer> segments) {
        return segments.stream().map(segment -> "large#" + segment).toList();
    }
}
