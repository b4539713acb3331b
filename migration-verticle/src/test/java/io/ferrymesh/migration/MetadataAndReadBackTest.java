package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.SegmentHasher;
import io.ferrymesh.scheme.Voucher;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Metadata that travels, and what is read again after it was published. */
class MetadataAndReadBackTest extends WithStores {

    @Test
    void metadata_arrives_with_small_and_large_objects() {
        from.put("small", "content", EARLY, PHOTO);
        from.put("large", "x".repeat(Segments.BYTES * 2 + 100), EARLY, PHOTO);
        from.put("plain", "content", EARLY);

        MigrationStatus status = migrate(new OptionsFor().with(MetadataPolicy.REQUIRE));

        assertThat(to.contents()).isEqualTo(from.contents());
        assertThat(to.metadata("small")).isEqualTo(PHOTO);
        assertThat(to.metadata("large")).isEqualTo(PHOTO);
        assertThat(to.metadata("plain")).isEqualTo(ObjectMetadata.EMPTY);
        assertThat(status.problems()).isEmpty();
    }

    private void refuseMetadata() {
        to.keepingMetadata = metadata -> ObjectMetadata.EMPTY;
    }

    @Test
    void metadata_that_is_not_kept_is_reported_failed_or_ignored_as_the_user_wants() {
        from.put("photo", "content", EARLY, PHOTO);
        from.put("text", "content", EARLY);
        refuseMetadata();

        MigrationStatus preferred = migrate(new OptionsFor());
        assertThat(preferred.problems()).containsExactly(new Problem("photo", "METADATA_NOT_KEPT", false));
        assertThat(preferred.counts().objectsStored()).isEqualTo(2);
        assertThat(results)
                .filteredOn(result -> result.code().isPresent())
                .singleElement()
                .satisfies(result -> assertThat(result.kind()).isEqualTo(ObjectResult.Kind.STORED));

        to.remove("photo");
        MigrationStatus required = migrate(new OptionsFor().with(MetadataPolicy.REQUIRE));
        assertThat(required.problems()).containsExactly(new Problem("photo", "UNSUPPORTED_METADATA", true));

        to.remove("photo");
        MigrationStatus ignored = migrate(new OptionsFor().with(MetadataPolicy.IGNORE));
        assertThat(ignored.problems()).isEmpty();
        assertThat(ignored.counts().objectsFailed()).isZero();
    }

    @Test
    void a_store_that_refuses_metadata_gets_the_object_without_it_unless_it_is_required() {
        from.put("photo", "content", EARLY, PHOTO);
        to.refusesMetadata = true;

        assertThat(migrate(new OptionsFor()).problems())
                .containsExactly(new Problem("photo", "METADATA_NOT_KEPT", false));
        assertThat(to.contents()).containsEntry("photo", "content");
        to.remove("photo");
        assertThat(migrate(new OptionsFor().with(MetadataPolicy.REQUIRE)).problems())
                .containsExactly(new Problem("photo", "UNSUPPORTED_METADATA", true));
        assertThat(to.contents()).isEmpty();
    }

    @Test
    void other_metadata_is_other_content_where_it_is_required_and_a_remark_where_it_is_not() {
        from.put("photo", "content", LATE, PHOTO);
        to.put("photo", "content", EARLY);

        MigrationStatus preferred = migrate(new OptionsFor());
        assertThat(preferred.counts().objectsPresent()).isEqualTo(1);
        assertThat(preferred.problems()).containsExactly(new Problem("photo", "METADATA_NOT_KEPT", false));

        assertThat(migrate(new OptionsFor().with(MetadataPolicy.IGNORE)).problems())
                .isEmpty();
        assertThat(migrate(new OptionsFor().with(MetadataPolicy.REQUIRE)).problems())
                .containsExactly(new Problem("photo", "CONFLICT", true));

        MigrationStatus replaced =
                migrate(OptionsFor.conflicts(ConflictPolicy.OVERWRITE).with(MetadataPolicy.REQUIRE));
        assertThat(replaced.counts().objectsStored()).isEqualTo(1);
        assertThat(to.metadata("photo")).isEqualTo(PHOTO);
    }

    @Test
    void what_is_read_back_wrong_is_removed_and_tried_again() {
        from.put("a", "content", EARLY);
        AtomicInteger kept = new AtomicInteger();
        to.keeping = content ->
                kept.incrementAndGet() == 1 ? "CONTENT".getBytes(java.nio.charset.StandardCharsets.UTF_8) : content;

        MigrationStatus status = migrate(new OptionsFor().with(Verification.READ_BACK));

        assertThat(status.counts().objectsStored()).isEqualTo(1);
        assertThat(to.contents()).containsEntry("a", "content");
        assertThat(kept.get()).isEqualTo(2);
    }

    @Test
    void what_is_always_read_back_wrong_fails_and_leaves_nothing() {
        from.put("a", "content", EARLY);
        from.put("empty", "", EARLY);
        to.keeping = content -> new byte[content.length];

        MigrationStatus status = migrate(new OptionsFor().with(Verification.READ_BACK));

        assertThat(status.problems()).containsExactly(new Problem("a", "DIGEST_MISMATCH", true));
        assertThat(to.contents()).containsExactly(entry("empty", ""));
    }

    @Test
    void large_objects_are_read_back_too() {
        from.put("large", "y".repeat(Segments.BYTES * 2), EARLY, PHOTO);
        from.put("larger", "z".repeat(Segments.BYTES + 1), EARLY);

        MigrationStatus status = migrate(new OptionsFor().with(Verification.READ_BACK));

        assertThat(status.counts().objectsStored()).isEqualTo(2);
    }

    @Test
    void another_program_s_object_is_not_removed_for_being_read_back_wrong() {
        from.put("a", "content", EARLY);
        AtomicInteger opened = new AtomicInteger();
        to.hook = (act, path) -> {
            if (act == FaultyStore.Act.OPEN && opened.incrementAndGet() == 1) {
                to.put("a", "somebody", LATE);
            }
        };

        MigrationStatus status = migrate(new OptionsFor().with(Verification.READ_BACK));

        assertThat(to.contents()).containsEntry("a", "somebody");
        assertThat(status.problems()).containsExactly(new Problem("a", "CONFLICT", true));
    }

    @Test
    void a_large_object_is_read_back_a_segment_a_turn_and_no_further_once_the_run_is_over() throws Exception {
        Queue<Runnable> turns = new ArrayDeque<>();
        AtomicLong read = new AtomicLong();
        to.hook = (act, path) -> {
            if (act == FaultyStore.Act.READ) {
                read.addAndGet(64 << 10);
            }
        };
        List<String> stored = new ArrayList<>();
        Publisher publisher = publishing(4, turns, stored);

        turns.remove().run();
        assertThat(read.get()).isEqualTo(Segments.BYTES);
        turns.remove().run();
        assertThat(read.get()).isEqualTo(2L * Segments.BYTES);
        Future<Void> closed = publisher.close();
        while (!turns.isEmpty()) {
            turns.remove().run();
        }

        assertThat(closed.isComplete()).isTrue();
        assertThat(read.get()).isLessThanOrEqualTo(3L * Segments.BYTES);
        assertThat(stored).isEmpty();
    }

    @Test
    void a_large_object_counts_once_all_of_it_is_read_back() throws Exception {
        Queue<Runnable> turns = new ArrayDeque<>();
        List<String> stored = new ArrayList<>();
        Publisher unused = publishing(3, turns, stored);

        for (int turn = 0; turn < 3; turn++) {
            assertThat(stored).isEmpty();
            turns.remove().run();
        }

        assertThat(stored).hasSize(1);
        assertThat(turns).isEmpty();
    }

    /** One object of so many segments, complete and about to be published. */
    private Publisher publishing(int segments, Queue<Runnable> turns, List<String> stored) throws Exception {
        TransferOptions options = new OptionsFor().with(Verification.READ_BACK).build();
        Journal journal = new MemoryJournal(step -> {
            if (step.startsWith("add")) {
                stored.add(step);
            }
        });
        Place place = new Place(to, journal, Clock.systemUTC());
        Rounds rounds = new Rounds(options, answer -> {}, stopped -> {}, (ms, task) -> {}, new Random(1));
        DestinationBook book = new DestinationBook(
                new Progress(), new ResultBatches(journal, Clock.systemUTC()), rounds, answers -> {}, () -> {});
        ObjectInfo info = new ObjectInfo(ObjectPath.of("large"), (long) segments * Segments.BYTES, EARLY);
        book.announce(0, info);
        DestinationObject object = new DestinationObject(
                0,
                info,
                DestinationObject.Mode.STORE,
                new Target(info.path(), 1, Optional.empty(), Round.FIRST, options.metadata()),
                place);
        book.ask(object);
        SegmentHasher zeros = new SegmentHasher();
        zeros.update(new byte[Segments.BYTES], 0, Segments.BYTES);
        Digest digest = zeros.finish();
        for (int segment = 0; segment < segments; segment++) {
            object.segments().begin(segment);
            object.start(segment);
            var unused = object.verified(new SafeSegment(segment, digest, Voucher.of(new byte[Voucher.LENGTH])));
        }
        object.complete();
        Publisher publisher = new Publisher(to, options.verification(), book, turns::add, failure -> {
            throw new IllegalStateException(failure);
        });
        publisher.publish(object, object.segments().digest(), () -> {});
        return publisher;
    }
}
