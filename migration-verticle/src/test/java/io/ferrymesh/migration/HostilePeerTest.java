package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.directory.DirectoryStore;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an authenticated source may not say, at the destination's sinks, without any network. */
class HostilePeerTest {

    @TempDir
    private Path root;

    private final List<byte[]> answers = new ArrayList<>();
    private final Progress progress = new Progress();
    private int allDecided;
    private ObjectStore store;
    private DestinationBook book;
    private ListingSink listing;
    private SegmentSink lane;

    @BeforeEach
    void destination() throws Exception {
        store = DirectoryStore.open(root);
        book = new DestinationBook(
                progress,
                new ResultBatches(ObjectLog.NONE, java.time.Clock.systemUTC()),
                answers::add,
                () -> allDecided++);
        listing = new ListingSink(store, book, receipt -> {});
        lane = new SegmentSink(book, new Publisher(store, book, Runnable::run, this::fail), progress);
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
    void claims_of_huge_objects_cost_nothing() {
        for (int i = 0; i < Ledger.WINDOW; i++) {
            listing.accept(reader(entry(i, "%06d".formatted(i), Segments.MAX_OBJECT_BYTES)));
        }

        assertThat(answers).hasSize(Ledger.WINDOW);
    }

    @Test
    void segments_that_do_not_exist_come_twice_or_too_long_are_refused() {
        listing.accept(reader(entry(0, "a", 3)));

        assertInvalid(() -> lane.accept(reader(begin(1, 0))));
        SegmentSink second = new SegmentSink(book, new Publisher(store, book, Runnable::run, this::fail), progress);
        assertInvalid(() -> second.accept(reader(begin(0, 1))));
        SegmentSink third = new SegmentSink(book, new Publisher(store, book, Runnable::run, this::fail), progress);
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
        SourceBook source = new SourceBook(new Progress());
        long index = source.list(new ObjectInfo(ObjectPath.of("a"), 3, Instant.EPOCH));

        assertInvalid(() -> source.decide(index, Outcome.STORED));
        assertInvalid(() -> source.decide(index + 1, Outcome.failed(ErrorCode.CONFLICT)));
        assertInvalid(() -> {
            Ledger.Totals unused = source.totals();
        });
    }

    @Test
    void a_receipt_before_the_listing_is_complete_is_refused() {
        SourceBook source = new SourceBook(new Progress());

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
    void objects_that_are_begun_and_never_finished_are_bounded() {
        for (int i = 0; i <= DestinationObject.MAX_OPEN; i++) {
            listing.accept(reader(entry(i, "%06d".formatted(i), Segments.BYTES + 1L)));
        }
        for (int i = 0; i < DestinationObject.MAX_OPEN; i++) {
            lane.accept(reader(begin(i, 1)));
            lane.accept(reader(bytes(new byte[] {1})));
            lane.accept(reader(end(Digest.sha256(new byte[] {1}))));
        }

        assertInvalid(() -> lane.accept(reader(begin(DestinationObject.MAX_OPEN, 1))));
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

    private static byte[] bytes(byte[] content) {
        return ByteBuffer.allocate(5 + content.length)
                .put(RecordType.BYTES.code())
                .putInt(content.length)
                .put(content)
                .array();
    }

    private static byte[] end(Digest digest) {
        return ByteBuffer.allocate(33)
                .put(RecordType.END.code())
                .put(digest.bytes())
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
