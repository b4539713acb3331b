package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Voucher;
import io.ferrymesh.scheme.Vouchers;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.Skipped;
import io.ferrymesh.stores.directory.DirectoryStore;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an authenticated source may not say, at the destination's sinks, without any network. */
class HostilePeerTest {

    private static final MigrationId MIGRATION = MigrationId.parse("aa".repeat(16));
    private static final Voucher VOUCHER = Voucher.of(new byte[Voucher.LENGTH]);

    @TempDir
    private Path root;

    private final List<byte[]> answers = new ArrayList<>();
    private final Progress progress = new Progress();
    private final List<MeshException> stopped = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();
    private int allDecided;
    private ObjectStore store;
    private DestinationBook book;
    private ListingSink listing;
    private SegmentSink lane;
    private Publisher publisher;
    private Place place;
    private final MemoryJournal journal = new MemoryJournal();

    @BeforeEach
    void destination() throws Exception {
        store = DirectoryStore.open(root);
        serve(OptionsFor.attempts(1));
    }

    private void serve(TransferOptions options) {
        Rounds rounds = new Rounds(options, answers::add, stopped::add, (ms, task) -> later.add(task), new Random(1));
        book = new DestinationBook(
                progress,
                new ResultBatches(journal, java.time.Clock.systemUTC()),
                rounds,
                records -> records.forEachRemaining(answers::add),
                () -> allDecided++);
        place = new Place(store, journal, java.time.Clock.systemUTC());
        publisher = new Publisher(store, options.verification(), book, Runnable::run, this::fail);
        listing = new ListingSink(
                place,
                options,
                book,
                rounds,
                publisher,
                new DryLook(store, options, book),
                new RoomCheck(place, () -> progress.counts().bytesMoved()),
                new MirrorSink(Optional.empty(), stopped::add),
                new MarkKeeper(MIGRATION, store, false, java.time.Clock.systemUTC(), answers::add, stopped::add),
                stopped::add,
                receipt -> {});
        lane = lane();
    }

    private SegmentSink lane() {
        return new SegmentSink(book, publisher, progress);
    }

    private void fail(Throwable unexpected) {
        throw new IllegalStateException(unexpected);
    }

    @Test
    void an_honest_source_is_served() {
        listing.accept(reader(entry(0, "a", 3)));
        lane.accept(reader(begin(0, 0)));
        lane.accept(reader(bytes(new byte[] {1, 2, 3})));
        lane.accept(reader(end(Digest.sha256(new byte[] {1, 2, 3}))));
        listing.accept(reader(Records.listingEnd(1)));

        assertThat(answers).containsExactly(Records.want(0), Records.result(0, Outcome.STORED));
        assertThat(root.resolve("a")).hasBinaryContent(new byte[] {1, 2, 3});
        assertThat(allDecided).isEqualTo(1);
    }

    @Test
    void entries_out_of_order_twice_or_behind_the_end_are_refused() {
        listing.accept(reader(entry(0, "b", 3)));

        assertInvalid(() -> listing.accept(reader(entry(1, "a", 3))));
        assertInvalid(() -> listing.accept(reader(entry(1, "b", 3))));
        assertInvalid(() -> listing.accept(reader(entry(0, "c", 3))));
        assertInvalid(() -> listing.accept(reader(entry(2, "c", 3))));
        assertInvalid(() -> listing.accept(reader(Records.listingEnd(2))));
        listing.accept(reader(Records.listingEnd(1)));
        assertInvalid(() -> listing.accept(reader(entry(1, "c", 3))));
        assertInvalid(() -> listing.accept(reader(Records.listingEnd(1))));
    }

    @Test
    void what_nobody_asked_about_whether_it_can_be_read_is_refused() {
        listing.accept(reader(entry(0, "a", 3)));
        assertInvalid(() -> listing.accept(reader(Probed.UNREADABLE.answer(0))));

        serve(new OptionsFor().dryRun().build());
        answers.clear();
        listing.accept(reader(entry(0, "a", 3)));
        assertInvalid(() -> listing.accept(reader(Probed.UNREADABLE.answer(1))));
        listing.accept(reader(Probed.UNREADABLE.answer(0)));
        assertInvalid(() -> listing.accept(reader(Probed.UNREADABLE.answer(0))));

        assertThat(answers).containsExactly(Probed.question(0), Records.result(0, Outcome.LOOKED));
    }

    @Test
    void a_listing_that_runs_out_of_the_window_is_refused() {
        for (int i = 0; i < Ledger.WINDOW; i++) {
            listing.accept(reader(entry(i, "%06d".formatted(i), 1)));
        }

        assertInvalid(() -> listing.accept(reader(entry(Ledger.WINDOW, "z", 1))));
    }

    @Test
    void an_object_too_large_to_be_true_is_refused() {
        assertInvalid(() -> listing.accept(reader(entry(0, "a", Long.MAX_VALUE))));
    }

    @Test
    void claims_of_huge_objects_are_not_asked_for_where_they_cannot_fit() {
        listing.accept(reader(entry(0, "a", Segments.MAX_OBJECT_BYTES)));

        assertThat(stopped).singleElement().extracting(MeshException::code).isEqualTo(ErrorCode.DESTINATION_FULL);
        assertThat(answers).isEmpty();
    }

    @Test
    void claims_of_huge_objects_cost_nothing_where_nobody_knows_what_fits() {
        store = new FaultyStore();
        serve(OptionsFor.attempts(1));
        for (int i = 0; i < Ledger.WINDOW; i++) {
            listing.accept(reader(entry(i, "%06d".formatted(i), Segments.MAX_OBJECT_BYTES)));
        }

        assertThat(answers).hasSize(Ledger.WINDOW);
    }

    @Test
    void segments_that_do_not_exist_come_twice_or_too_long_are_refused() {
        listing.accept(reader(entry(0, "a", 3)));

        assertInvalid(() -> lane.accept(reader(begin(1, 0))));
        SegmentSink second = lane();
        assertInvalid(() -> second.accept(reader(begin(0, 1))));
        SegmentSink third = lane();
        third.accept(reader(begin(0, 0)));
        assertInvalid(() -> third.accept(reader(begin(0, 0))));
        assertInvalid(() -> third.accept(reader(bytes(new byte[4]))));
        assertInvalid(third::ended);
        assertInvalid(() -> third.accept(reader(end(Digest.sha256(new byte[0])))));
    }

    @Test
    void bytes_and_digests_without_a_segment_are_refused() {
        assertInvalid(() -> lane.accept(reader(bytes(new byte[1]))));
        assertInvalid(() -> lane.accept(reader(end(Digest.sha256(new byte[0])))));
        assertInvalid(() -> lane.accept(reader(Records.want(0))));
        assertInvalid(() -> listing.accept(reader(Records.want(0))));
    }

    @Test
    void a_lie_about_the_digest_fails_the_object_and_leaves_nothing() throws Exception {
        listing.accept(reader(entry(0, "a", 3)));
        lane.accept(reader(begin(0, 0)));
        lane.accept(reader(bytes(new byte[] {1, 2, 3})));
        lane.accept(reader(end(Digest.sha256(new byte[] {9}))));

        assertThat(answers.get(1)).isEqualTo(Records.result(0, Outcome.failed(ErrorCode.DIGEST_MISMATCH)));
        book.close();
        store.close();
        try (Stream<Path> left = Files.list(root)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void segments_of_an_object_that_has_failed_are_passed_over() {
        listing.accept(reader(entry(0, "a", Segments.BYTES + 1L)));
        lane.accept(reader(begin(0, 1)));
        lane.accept(reader(abort(ErrorCode.SOURCE_CHANGED)));
        lane.accept(reader(begin(0, 0)));
        lane.accept(reader(bytes(new byte[100])));
        lane.accept(reader(end(Digest.sha256(new byte[0]))));

        assertThat(answers)
                .containsExactly(Records.want(0), Records.result(0, Outcome.failed(ErrorCode.SOURCE_CHANGED)));
    }

    @Test
    void bytes_are_not_taken_for_an_object_that_is_only_compared() throws Exception {
        Files.write(root.resolve("a"), new byte[] {1, 2, 3});
        listing.accept(reader(entry(0, "a", 3)));
        assertThat(answers).containsExactly(Records.compare(0));
        lane.accept(reader(begin(0, 0)));

        assertInvalid(() -> lane.accept(reader(bytes(new byte[3]))));
        assertThat(root.resolve("a")).hasBinaryContent(new byte[] {1, 2, 3});
    }

    @Test
    void what_the_source_may_not_claim_about_objects_it_never_sent() {
        SourceBook source = new SourceBook(new Progress(), new SegmentQueue());
        long index = source.list(new ObjectInfo(ObjectPath.of("a"), 3, Instant.EPOCH));

        assertInvalid(() -> source.decide(index, Outcome.STORED));
        assertInvalid(() -> source.decide(index + 1, Outcome.failed(ErrorCode.CONFLICT)));
        assertInvalid(() -> {
            Ledger.Totals unused = source.totals();
        });
    }

    @Test
    void a_source_may_not_agree_to_what_nobody_claimed() {
        listing.accept(reader(entry(0, "a", 3)));

        assertInvalid(() -> listing.accept(reader(Records.agreed(0))));
        assertInvalid(() -> listing.accept(reader(Records.notKnown(0))));
        assertInvalid(() -> listing.accept(reader(Records.agreed(7))));
    }

    @Test
    void what_a_destination_may_not_claim() {
        SourceBook source = new SourceBook(new Progress(), new SegmentQueue());
        List<byte[]> replies = new ArrayList<>();
        Claims claims = new Claims(
                source, Fixture.voucherKey(new byte[32]).vouchers(MIGRATION), ContentNames.NONE, replies::add);
        long small = source.list(new ObjectInfo(ObjectPath.of("a"), 3, Instant.EPOCH));
        long large = source.list(new ObjectInfo(ObjectPath.of("b"), 3L * Segments.BYTES, Instant.EPOCH));
        SafeSegment forged = new SafeSegment(0, Digest.sha256(), VOUCHER);

        assertInvalid(() -> claims.known(claim(Records.known(large + 1, true, 0, List.of(forged)))));
        assertInvalid(() -> claims.known(claim(Records.known(small, true, 1, List.of(forged)))));
        assertInvalid(
                () -> claims.known(claim(Records.known(large, true, 0, List.of(forged, forged, forged, forged)))));
        assertInvalid(() -> {
            Optional<SourceObject> unused = claims.rest(claim(Records.wantRest(large, true, List.of(forged))));
        });
        assertThat(replies).isEmpty();
    }

    @Test
    void a_forged_voucher_is_not_believed_and_the_object_may_be_asked_for_once() {
        SourceBook source = new SourceBook(new Progress(), new SegmentQueue());
        List<byte[]> replies = new ArrayList<>();
        Claims claims = new Claims(
                source, Fixture.voucherKey(new byte[32]).vouchers(MIGRATION), ContentNames.NONE, replies::add);
        long index = source.list(new ObjectInfo(ObjectPath.of("a"), 3, Instant.EPOCH));
        byte[] forged = Records.known(index, true, 0, List.of(new SafeSegment(0, Digest.sha256(), VOUCHER)));

        claims.known(claim(forged));

        assertThat(replies).containsExactly(Records.notKnown(index));
        assertInvalid(() -> source.decide(index, Outcome.STORED));
        assertInvalid(() -> claims.known(claim(forged)));
        source.get(index).ask(true);
        assertInvalid(() -> source.get(index).ask(true));
    }

    @Test
    void segments_that_the_destination_has_are_not_sent_unless_they_are_doubted() {
        SourceBook source = new SourceBook(new Progress(), new SegmentQueue());
        List<byte[]> replies = new ArrayList<>();
        Vouchers mine = Fixture.voucherKey(new byte[32]).vouchers(MIGRATION);
        Claims claims = new Claims(source, mine, ContentNames.NONE, replies::add);
        ObjectInfo info = new ObjectInfo(ObjectPath.of("b"), 3L * Segments.BYTES, Instant.EPOCH);
        long index = source.list(info);
        Voucher voucher = mine.issue(info.path().utf8(), info.size(), info.modified(), 1, Digest.sha256());
        SafeSegment safe = new SafeSegment(1, Digest.sha256(), voucher);

        SourceObject object =
                claims.rest(claim(Records.wantRest(index, true, List.of(safe)))).orElseThrow();

        assertThat(replies).containsExactly(Records.agreed(index));
        assertThat(List.of(object.takeSegment(), object.takeSegment(), object.takeSegment()))
                .containsExactly(0, 2, -1);
    }

    @Test
    void a_receipt_before_the_listing_is_complete_is_refused() {
        SourceBook source = new SourceBook(new Progress(), new SegmentQueue());

        assertInvalid(() -> {
            Ledger.Totals unused = source.totals();
        });
        source.listingComplete();
        assertThat(source.totals().objects()).isZero();
    }

    @Test
    void an_object_is_asked_for_once() {
        SourceObject object = new SourceObject(0, new ObjectInfo(ObjectPath.of("a"), 3, Instant.EPOCH));
        object.ask(true);

        assertInvalid(() -> object.ask(true));
        assertInvalid(() -> object.ask(false));
    }

    @Test
    void another_round_is_only_what_was_asked_for() {
        serve(OptionsFor.attempts(3));
        listing.accept(reader(entry(0, "a", 3)));
        assertInvalid(() -> listing.accept(reader(entryAgain(0, 1, 3))));
        assertInvalid(() -> listing.accept(reader(RoundRecords.gone(0, 1, ErrorCode.SOURCE_CHANGED))));
        assertInvalid(() -> lane.accept(reader(beginAgain(0, 0, 1))));
        SegmentSink second = lane();
        second.accept(reader(begin(0, 0)));
        second.accept(reader(abort(ErrorCode.SOURCE_CHANGED)));
        assertInvalid(() -> listing.accept(reader(entryAgain(0, 1, 3)))); // the pause is not over
        later.remove(0).run();

        assertInvalid(() -> listing.accept(reader(entryAgain(0, 2, 3))));
        assertInvalid(() -> listing.accept(reader(entryAgain(0, 1, Long.MAX_VALUE))));
    }

    @Test
    void an_object_of_a_later_round_is_taken_and_what_is_left_of_the_one_before_passed_over() {
        serve(OptionsFor.attempts(3));
        listing.accept(reader(entry(0, "a", 3)));
        SegmentSink late = lane();
        late.accept(reader(begin(0, 0)));
        late.accept(reader(bytes(new byte[] {9, 9})));
        late.accept(reader(abort(ErrorCode.SOURCE_CHANGED)));
        later.remove(0).run();
        listing.accept(reader(entryAgain(0, 1, 2)));
        late.accept(reader(beginAgain(0, 0, 1)));
        late.accept(reader(bytes(new byte[] {1, 2})));
        late.accept(reader(end(Digest.sha256(new byte[] {1, 2}))));

        assertThat(answers)
                .containsExactly(
                        Records.want(0), RoundRecords.look(0, 1), Records.want(0), Records.result(0, Outcome.STORED));
        assertThat(root.resolve("a")).hasBinaryContent(new byte[] {1, 2});
        assertThat(progress.counts().bytesListed()).isEqualTo(2);
    }

    @Test
    void segments_of_an_earlier_round_are_passed_over() {
        serve(OptionsFor.attempts(3));
        listing.accept(reader(entry(0, "a", Segments.BYTES + 1L)));
        lane.accept(reader(begin(0, 1)));
        lane.accept(reader(abort(ErrorCode.SOURCE_UNREADABLE)));
        later.remove(0).run();
        listing.accept(reader(entryAgain(0, 1, 1)));

        lane.accept(reader(begin(0, 0)));
        lane.accept(reader(bytes(new byte[100])));
        lane.accept(reader(end(Digest.sha256(new byte[100]))));
        assertThat(answers).containsExactly(Records.want(0), RoundRecords.look(0, 1), Records.want(0));
        assertInvalid(() -> lane.accept(reader(beginAgain(0, 0, 2))));
    }

    @Test
    void a_source_says_only_what_is_its_own_to_say() {
        listing.accept(reader(entry(0, "a", 3)));
        lane.accept(reader(begin(0, 0)));

        assertInvalid(() -> lane.accept(reader(abort(ErrorCode.DESTINATION_FULL))));
        assertThat(stopped).isEmpty();
    }

    @Test
    void metadata_comes_once_before_the_bytes_and_can_be_kept() {
        listing.accept(reader(entry(0, "a", 3)));
        listing.accept(reader(entry(1, "d/", 0)));
        byte[] meta = meta("text/plain");

        assertInvalid(() -> lane.accept(reader(meta)));
        lane.accept(reader(begin(0, 0)));
        lane.accept(reader(meta));
        lane.accept(reader(bytes(new byte[1])));
        assertInvalid(() -> lane.accept(reader(meta)));
        SegmentSink second = lane();
        second.accept(reader(begin(1, 0)));
        assertInvalid(() -> second.accept(reader(meta)));
    }

    @Test
    void segments_that_come_with_different_metadata_are_of_an_object_that_changed() {
        listing.accept(reader(entry(0, "a", Segments.BYTES + 1L)));
        lane.accept(reader(begin(0, 1)));
        lane.accept(reader(meta("text/plain")));
        lane.accept(reader(bytes(new byte[] {1})));
        lane.accept(reader(end(Digest.sha256(new byte[] {1}))));
        lane.accept(reader(begin(0, 0)));
        lane.accept(reader(meta("text/html")));

        assertThat(answers)
                .containsExactly(Records.want(0), Records.result(0, Outcome.failed(ErrorCode.SOURCE_CHANGED)));
    }

    @Test
    void what_is_skipped_under_a_name_that_is_not_selected_does_not_count() {
        serve(new OptionsFor()
                .with(OptionsFor.globs(List.of(), List.of("tmp/**")))
                .build());
        listing.accept(reader(Records.skipped(new Skipped("tmp/x", Skipped.Reason.UNREADABLE))));
        listing.accept(reader(Records.skipped(new Skipped("x", Skipped.Reason.UNREADABLE))));

        assertThat(progress.problems()).extracting(Problem::name).containsExactly("x");
    }

    @Test
    void what_could_not_be_read_counts_when_something_below_it_may_be_selected() {
        serve(new OptionsFor()
                .with(OptionsFor.globs(List.of("**/*.jpg"), List.of("lost+found/**")))
                .build());
        for (String name : List.of("", "pics/", "pics", "lost+found/", "lost+found/x")) {
            listing.accept(reader(Records.skipped(new Skipped(name, Skipped.Reason.UNREADABLE))));
        }
        listing.accept(reader(Records.skipped(new Skipped("pics/link", Skipped.Reason.SYMBOLIC_LINK))));

        assertThat(progress.problems()).extracting(Problem::name).containsExactly("", "pics/", "pics");
    }

    @Test
    void a_name_that_vanished_arrives_as_such() {
        listing.accept(reader(Records.skipped(new Skipped("x", Skipped.Reason.VANISHED))));

        assertThat(progress.problems()).containsExactly(new Problem("x", "VANISHED", false));
    }

    @Test
    void a_destination_gets_an_object_s_rounds_in_their_order_and_not_for_ever() throws Exception {
        Files.write(root.resolve("a"), new byte[] {1, 2, 3});
        SourceBook source = new SourceBook(new Progress(), new SegmentQueue());
        long index = source.list(store.head(ObjectPath.of("a")));
        Looks looks = new Looks(store, source, new Outage());

        assertInvalid(() -> looks.add(index, 2));
        assertInvalid(() -> looks.add(index, 0));
        assertInvalid(() -> looks.add(index + 1, 1));
        for (int round = 1; round < Round.MOST; round++) {
            int next = round;
            looks.add(index, round);
            assertInvalid(() -> looks.add(index, next));
            assertInvalid(() -> looks.add(index, next + 1));
            assertInvalid(() -> source.get(index).ask(true));
            assertThat(looks.next()).isEqualTo(RoundRecords.entryAgain(index, round, store.head(ObjectPath.of("a"))));
            source.get(index).ask(true);
        }
        assertInvalid(() -> looks.add(index, Round.MOST));
        assertThat(looks.next()).isNull();
    }

    @Test
    void every_lane_that_sends_some_of_an_object_says_the_same_of_its_failure() {
        SourceObject object = new SourceObject(0, new ObjectInfo(ObjectPath.of("a"), 3, Instant.EPOCH));

        assertThat(object.fail(ErrorCode.SOURCE_UNREADABLE)).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
        assertThat(object.fail(ErrorCode.SOURCE_CHANGED)).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
        assertThat(object.abandoned()).isTrue();
    }

    @Test
    void objects_that_are_begun_and_never_finished_are_bounded() {
        for (int i = 0; i <= DestinationObject.MAX_OPEN; i++) {
            listing.accept(reader(entry(i, "%06d".formatted(i), Segments.BYTES + 1L)));
        }
        for (int i = 0; i < DestinationObject.MAX_OPEN; i++) {
            lane.accept(reader(begin(i, 1)));
            lane.accept(reader(bytes(new byte[] {1})));
            lane.accept(reader(end(Digest.sha256(new byte[] {1}))));
        }

        lane.accept(reader(begin(DestinationObject.MAX_OPEN, 1)));
        assertInvalid(() -> lane.accept(reader(bytes(new byte[] {1}))));
    }

    @Test
    void an_object_of_which_nothing_is_right_yet_is_not_kept_for_the_next_run() {
        listing.accept(reader(entry(0, "a", 2L * Segments.BYTES)));
        lane.accept(reader(begin(0, 1)));
        lane.accept(reader(bytes(new byte[] {1})));
        assertThat(journal.kept().unfinished).hasSize(1);

        lane.accept(reader(abort(ErrorCode.SOURCE_UNREADABLE)));

        assertThat(journal.kept().unfinished).isEmpty();
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void objects_that_are_finished_leave_room_for_others() {
        for (int i = 0; i < 3 * DestinationObject.MAX_OPEN; i++) {
            listing.accept(reader(entry(i, "%06d".formatted(i), 1)));
            lane.accept(reader(begin(i, 0)));
            lane.accept(reader(bytes(new byte[] {1})));
            lane.accept(reader(end(Digest.sha256(new byte[] {1}))));
        }

        assertThat(progress.counts().objectsStored()).isEqualTo(3L * DestinationObject.MAX_OPEN);
    }

    @Test
    void a_source_that_takes_no_answers_gets_no_more_credit() {
        AnswerSource waiting = new AnswerSource(() -> {});
        int[] granted = new int[1];
        for (int i = 0; i <= AnswerSource.MOST_WAITING; i++) {
            waiting.add(Records.want(i));
        }
        waiting.whenRoom(() -> granted[0]++);
        assertThat(granted[0]).isZero();

        assertThat(waiting.fill(ByteBuffer.allocate(Lanes.FRAME_PLAINTEXT_BYTES)))
                .isEqualTo(FrameSource.Fill.IDLE);
        assertThat(granted[0]).isEqualTo(1);
    }

    /** A claim, behind its type. */
    private static RecordReader claim(byte[] record) {
        return new RecordReader(record, 1, record.length - 1);
    }

    private static RecordReader reader(byte[] record) {
        return new RecordReader(record, 0, record.length);
    }

    private static byte[] entry(long index, String path, long size) {
        return Records.entry(index, new ObjectInfo(ObjectPath.of(path), size, Instant.EPOCH));
    }

    private static byte[] begin(long index, int segment) {
        return ByteBuffer.allocate(13)
                .put(RecordType.BEGIN.code())
                .putLong(index)
                .putInt(segment)
                .array();
    }

    private static byte[] meta(String contentType) {
        return MetaRecord.of(new ObjectMetadata(Optional.of(contentType), new TreeMap<>()));
    }

    private static byte[] beginAgain(long index, int segment, int round) {
        return ByteBuffer.allocate(14)
                .put(RecordType.BEGIN_AGAIN.code())
                .putLong(index)
                .putInt(segment)
                .put((byte) round)
                .array();
    }

    private static byte[] entryAgain(long index, int round, long size) {
        return RoundRecords.entryAgain(index, round, new ObjectInfo(ObjectPath.of("a"), size, Instant.EPOCH));
    }

    private static byte[] bytes(byte[] content) {
        return ByteBuffer.allocate(5 + content.length)
                .put(RecordType.BYTES.code())
                .putInt(content.length)
                .put(content)
                .array();
    }

    private static byte[] end(Digest digest) {
        return ByteBuffer.allocate(49)
                .put(RecordType.END.code())
                .put(digest.bytes())
                .put(VOUCHER.bytes())
                .array();
    }

    private static byte[] abort(ErrorCode code) {
        byte[] name = code.name().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(3 + name.length)
                .put(RecordType.ABORT.code())
                .putShort((short) name.length)
                .put(name)
                .array();
    }

    private static void assertInvalid(org.assertj.core.api.ThrowableAssert.ThrowingCallable said) {
        assertThatThrownBy(said).isInstanceOfSatisfying(MeshException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.INVALID_MESSAGE));
    }
}
