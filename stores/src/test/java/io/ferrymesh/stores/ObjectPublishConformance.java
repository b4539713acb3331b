package io.ferrymesh.stores;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Publishing, as every {@link ObjectStore} does it. */
abstract class ObjectPublishConformance extends ObjectContentConformance {

    // ---- publishing

    @Test
    void create_only_leaves_what_is_there() throws Exception {
        put("a", "old".getBytes(UTF_8));

        assertThat(publish(PublishMode.CREATE_ONLY, staged("a", "new".getBytes(UTF_8), MODIFIED)))
                .containsExactly(StoreError.EXISTS);
        assertThat(get("a")).asString(UTF_8).isEqualTo("old");
    }

    @Test
    void replace_takes_the_place_of_what_is_there() throws Exception {
        put("a", "old".getBytes(UTF_8));

        Instant later = MODIFIED.plusSeconds(3_600);
        assertThat(publish(
                        PublishMode.REPLACE,
                        staged("a", "newer".getBytes(UTF_8), later),
                        staged("b", "b".getBytes(UTF_8), later)))
                .containsOnlyNulls();
        assertThat(get("a")).asString(UTF_8).isEqualTo("newer");
        assertThat(store.head(ObjectPath.of("a")).modified()).isEqualTo(kept(later));
        assertThat(listed("")).containsExactly("a", "b");
    }

    @Test
    void one_failure_does_not_stop_the_rest_of_the_group() throws Exception {
        put("b", "old".getBytes(UTF_8));
        StagedObject half = store.stage(new ObjectInfo(ObjectPath.of("c"), 10, MODIFIED));

        List<PublishOutcome> outcomes = store.publish(
                List.of(
                        staged("a", random(1), MODIFIED),
                        staged("b", random(1), MODIFIED),
                        half,
                        staged("d", random(1), MODIFIED)),
                PublishMode.CREATE_ONLY);

        assertThat(outcomes)
                .extracting(outcome -> outcome.info().path().toString())
                .containsExactly("a", "b", "c", "d");
        assertThat(outcomes)
                .extracting(ObjectStoreFixture::errorOf)
                .containsExactly(null, StoreError.EXISTS, StoreError.IO_ERROR, null);
        assertThat(listed("")).containsExactly("a", "b", "d");
    }

    @Test
    void an_empty_group_is_fine() {
        assertThat(store.publish(List.of(), PublishMode.CREATE_ONLY)).isEmpty();
    }

    @Test
    void one_of_many_writers_creates_an_object() throws Exception {
        var winners = new ConcurrentLinkedQueue<Byte>();
        inParallel(8, writer -> {
            byte[] bytes = new byte[10_000];
            Arrays.fill(bytes, (byte) writer);
            StoreError error = publish(PublishMode.CREATE_ONLY, staged("deep/er/a", bytes, MODIFIED))
                    .get(0);
            assertThat(error).isIn(null, StoreError.EXISTS);
            if (error == null) {
                winners.add((byte) writer);
            }
        });

        assertThat(winners).hasSize(1);
        assertThat(get("deep/er/a")).hasSize(10_000).containsOnly(winners.element());
    }

    @Test
    void a_reader_sees_the_old_or_the_new_or_hears_of_the_change_and_never_sees_a_mixture() throws Exception {
        byte[][] versions = {new byte[50_000], new byte[70_000]};
        Arrays.fill(versions[0], (byte) 1);
        Arrays.fill(versions[1], (byte) 2);
        put("a", versions[0]);
        var done = new AtomicBoolean();

        inParallel(2, thread -> {
            if (thread == 0) {
                for (int i = 1; i <= 40; i++) {
                    assertThat(publish(PublishMode.REPLACE, staged("a", versions[i % 2], MODIFIED)))
                            .containsOnlyNulls();
                }
                done.set(true);
            }
            while (thread == 1 && !done.get()) {
                try {
                    byte[] seen = get("a");
                    assertThat(Arrays.equals(seen, versions[0]) || Arrays.equals(seen, versions[1]))
                            .isTrue();
                } catch (StoreException e) {
                    assertThat(e.error()).isEqualTo(StoreError.CHANGED); // where nothing holds the old one open
                }
            }
        });
    }

    @Test
    void many_writers_share_new_directories() throws Exception {
        inParallel(4, writer -> {
            var group = new ArrayList<StagedObject>();
            for (int i = 0; i < 50; i++) {
                group.add(staged("d" + i % 5 + "/e/" + writer + "-" + i, random(100), MODIFIED));
            }
            assertThat(publish(PublishMode.CREATE_ONLY, group.toArray(StagedObject[]::new)))
                    .containsOnlyNulls();
        });

        assertThat(listed("")).hasSize(200).isSortedAccordingTo((a, b) -> ObjectPath.of(a)
                .compareTo(ObjectPath.of(b)));
    }

    // ---- empty directories

    @Test
    void an_empty_directory_is_an_object_until_something_lies_in_it() throws Exception {
        assertThat(publish(PublishMode.CREATE_ONLY, staged("a/b/", new byte[0], MODIFIED)))
                .containsOnlyNulls();
        assertThat(listed("")).containsExactly("a/b/");
        assertThat(store.head(ObjectPath.of("a/b/")).size()).isZero();
        if (keepsDirectoryTimes()) {
            assertThat(store.head(ObjectPath.of("a/b/")).modified()).isEqualTo(kept(MODIFIED));
        }
        try (ObjectReader reader = store.open(ObjectPath.of("a/b/"))) {
            assertThat(reader.read(0, new byte[10], 0, 10)).isZero();
        }

        assertThat(publish(PublishMode.CREATE_ONLY, staged("a/b/", new byte[0], MODIFIED)))
                .containsOnlyNulls();

        put("a/c", random(1));
        assertThat(listed("")).containsExactly("a/b/", "a/c");
        assertThat(listed("a/b/")).containsExactly("a/b/");
        assertThat(listed("a/b/c")).isEmpty();
    }
}
