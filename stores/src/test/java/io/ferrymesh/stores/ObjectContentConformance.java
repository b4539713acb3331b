package io.ferrymesh.stores;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reading and staging one object, as every {@link ObjectStore} does it. */
abstract class ObjectContentConformance extends ObjectStoreFixture {

    private static final int SEGMENT = 16 << 20;

    // ---- one object

    @Test
    void an_object_comes_back_as_it_was_written() throws Exception {
        byte[] bytes = random(300_000);

        put("photos/2001/a.jpg", bytes);

        assertThat(get("photos/2001/a.jpg")).isEqualTo(bytes);
        assertThat(store.head(ObjectPath.of("photos/2001/a.jpg")))
                .isEqualTo(new ObjectInfo(ObjectPath.of("photos/2001/a.jpg"), bytes.length, kept(MODIFIED)));
    }

    @Test
    void an_object_of_no_bytes_is_an_object() throws Exception {
        put("nothing", new byte[0]);

        assertThat(get("nothing")).isEmpty();
        assertThat(listed("")).containsExactly("nothing");
    }

    @Test
    void any_range_can_be_read_in_any_order() throws Exception {
        byte[] bytes = random(10_000);
        put("a", bytes);

        try (ObjectReader reader = store.open(ObjectPath.of("a"))) {
            byte[] into = new byte[4_000];
            assertThat(reader.read(7_000, into, 100, 2_000)).isEqualTo(2_000);
            assertThat(Arrays.copyOfRange(into, 100, 2_100)).isEqualTo(Arrays.copyOfRange(bytes, 7_000, 9_000));
            assertThat(reader.read(0, into, 0, 1)).isEqualTo(1);
            assertThat(into[0]).isEqualTo(bytes[0]);
            assertThat(reader.read(9_990, into, 0, 100)).isEqualTo(10);
            assertThat(reader.read(10_000, into, 0, 100)).isZero();
            assertThat(reader.read(20_000, into, 0, 100)).isZero();
            assertThat(reader.read(5, into, 0, 0)).isZero();
        }
    }

    @Test
    void a_reader_serves_several_threads_at_once() throws Exception {
        byte[] bytes = random(400_000);
        put("a", bytes);

        try (ObjectReader reader = store.open(ObjectPath.of("a"))) {
            inParallel(4, thread -> {
                byte[] into = new byte[1_000];
                for (int i = thread; i < 400; i += 4) {
                    assertThat(reader.read(i * 1_000L, into, 0, 1_000)).isEqualTo(1_000);
                    assertThat(into).isEqualTo(Arrays.copyOfRange(bytes, i * 1_000, (i + 1) * 1_000));
                }
            });
        }
    }

    @Test
    void a_reader_notices_that_its_object_was_replaced() throws Exception {
        put("a", random(10));

        try (ObjectReader reader = store.open(ObjectPath.of("a"))) {
            assertThat(reader.current()).isEqualTo(reader.info());
            assertThat(publish(PublishMode.REPLACE, staged("a", random(20), MODIFIED.plusSeconds(1))))
                    .containsOnlyNulls();
            assertThat(reader.current()).isNotEqualTo(reader.info());
        }
    }

    @Test
    void what_is_not_there_is_not_found() throws Exception {
        put("a/b", random(1));

        for (String path : List.of("b", "a", "a/c", "a/b/c", "a/", "a/b/", "c/")) {
            assertFails(StoreError.NOT_FOUND, () -> store.head(ObjectPath.of(path)));
            assertFails(StoreError.NOT_FOUND, () -> store.open(ObjectPath.of(path)));
        }
    }

    // ---- staging

    @Test
    void nothing_can_be_seen_before_it_is_published() throws Exception {
        try (StagedObject staged = staged("a", random(1_000), MODIFIED)) {
            assertThat(listed("")).isEmpty();
            assertFails(StoreError.NOT_FOUND, () -> store.head(ObjectPath.of("a")));
            assertFails(StoreError.NOT_FOUND, () -> store.open(ObjectPath.of("a")));

            assertThat(publish(PublishMode.CREATE_ONLY, staged)).containsOnlyNulls();
        }
        assertThat(listed("")).containsExactly("a");
    }

    @Test
    void closing_a_staged_object_leaves_nothing() throws Exception {
        staged("a", random(1_000), MODIFIED).close();
        StagedObject half = store.stage(new ObjectInfo(ObjectPath.of("b"), 1_000, MODIFIED));
        half.write(0, random(500), 0, 500);
        half.close();
        half.close();

        assertThat(listed("")).isEmpty();
        assertFails(StoreError.IO_ERROR, () -> half.write(500, random(500), 0, 500));
    }

    @Test
    void closing_the_store_discards_what_was_staged() throws Exception {
        StagedObject staged = staged("a", random(1_000), MODIFIED);
        store.close();
        staged.close();

        store = open();
        assertThat(listed("")).isEmpty();
    }

    @Test
    void an_object_with_missing_bytes_is_not_published() throws Exception {
        StagedObject half = store.stage(new ObjectInfo(ObjectPath.of("a"), 1_000, MODIFIED));
        half.write(0, random(500), 0, 500);

        assertThat(publish(PublishMode.CREATE_ONLY, half)).containsExactly(StoreError.IO_ERROR);
        assertThat(listed("")).isEmpty();
    }

    @Test
    void bytes_past_the_announced_size_are_refused() throws Exception {
        StagedObject staged = store.stage(new ObjectInfo(ObjectPath.of("a"), 1_000, MODIFIED));
        assertFails(StoreError.IO_ERROR, () -> staged.write(0, random(1_001), 0, 1_001));
        assertThat(publish(PublishMode.CREATE_ONLY, staged)).containsExactly(StoreError.IO_ERROR);

        StagedObject whole = staged("b", random(10), MODIFIED);
        assertFails(StoreError.IO_ERROR, () -> whole.write(10, random(1), 0, 1));
        whole.close();
        assertThat(listed("")).isEmpty();
    }

    @Test
    void bytes_written_twice_are_refused() throws Exception {
        try (StagedObject staged = store.stage(new ObjectInfo(ObjectPath.of("a"), 1_000, MODIFIED))) {
            staged.write(0, random(500), 0, 500);
            assertFails(StoreError.IO_ERROR, () -> staged.write(499, random(500), 0, 500));
            assertFails(StoreError.IO_ERROR, () -> staged.write(500, random(500), 0, 500));
        }
    }

    @Test
    void segments_are_written_in_parallel() throws Exception {
        byte[] bytes = random(2 * SEGMENT + 12_345);
        StagedObject staged = store.stage(new ObjectInfo(ObjectPath.of("large"), bytes.length, MODIFIED));

        inParallel(3, segment -> {
            int end = Math.min(bytes.length, (segment + 1) * SEGMENT);
            for (int at = segment * SEGMENT; at < end; at += 300_000) {
                staged.write(at, bytes, at, Math.min(300_000, end - at));
            }
        });

        assertThat(publish(PublishMode.CREATE_ONLY, staged)).containsOnlyNulls();
        assertThat(get("large")).isEqualTo(bytes);
    }
}
