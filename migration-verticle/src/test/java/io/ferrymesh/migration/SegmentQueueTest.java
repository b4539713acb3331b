package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Vouchers;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a source holds for a destination that asks and takes nothing. */
class SegmentQueueTest {

    private static final ObjectInfo INFO = new ObjectInfo(ObjectPath.of("a"), 3L * Segments.BYTES, Instant.EPOCH);
    private static final MigrationId MIGRATION = MigrationId.parse("aa".repeat(16));

    private final SegmentQueue queue = new SegmentQueue();
    private final SourceBook book = new SourceBook(new Progress(), queue);

    @Test
    void an_object_waits_once_however_many_rounds_it_has_and_leaves_when_it_is_decided() {
        for (int i = 0; i < 100; i++) {
            long index = book.list(INFO);
            want(index);
            for (int round = 1; round < Round.MOST; round++) {
                again(index, round);
                want(index);
                assertThat(queue.size()).isEqualTo(1);
            }
            book.decide(index, Outcome.failed(ErrorCode.CONFLICT));
            assertThat(queue.size()).isZero();
        }
    }

    @Test
    void segments_come_in_the_order_in_which_objects_were_asked_for() {
        long first = book.list(INFO);
        long second = book.list(INFO);
        want(second);
        want(first);

        List<String> taken = new ArrayList<>();
        for (Optional<SegmentQueue.Task> task = queue.poll(); task.isPresent(); task = queue.poll()) {
            taken.add(task.get().object().index() + "#" + task.get().segment());
        }

        assertThat(taken).containsExactly("1#0", "1#1", "1#2", "0#0", "0#1", "0#2");
        assertThat(queue.size()).isZero();
    }

    @Test
    void what_a_destination_began_to_claim_is_forgotten_with_its_round() {
        Vouchers mine = Fixture.voucherKey(new byte[32]).vouchers(MIGRATION);
        Claims claims = new Claims(book, mine, ContentNames.NONE, reply -> {});
        long index = book.list(INFO);
        List<SafeSegment> all = List.of(safe(mine, 0), safe(mine, 1), safe(mine, 2));

        assertThat(claims.rest(reader(Records.wantRest(index, false, all.subList(0, 2)))))
                .isEmpty();
        again(index, 1);

        assertThat(claims.rest(reader(Records.wantRest(index, true, all)))).isEmpty();
        assertThat(book.get(index).segments().isComplete()).isTrue();
    }

    private void want(long index) {
        SourceObject object = book.get(index);
        object.ask(true);
        queue.add(object);
    }

    private void again(long index, int round) {
        SourceObject object = book.get(index);
        object.lookAgain(round);
        book.listAgain(object, INFO);
    }

    private static SafeSegment safe(Vouchers mine, int segment) {
        Digest digest = Digest.sha256();
        return new SafeSegment(
                segment, digest, mine.issue(INFO.path().utf8(), INFO.size(), INFO.modified(), segment, digest));
    }

    private static RecordReader reader(byte[] record) {
        return new RecordReader(record, 1, record.length - 1);
    }
}
