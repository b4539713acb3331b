package io.ferrymesh.stores;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ObjectStore} does. An implementation extends this and says how to open an empty one; the tests are in
 * this class and the ones above it.
 */
public abstract class ObjectStoreConformance extends ObjectResumeConformance {

    /** Whether the store keeps metadata at all; where it does not, it must say so. */
    protected boolean keepsMetadata() {
        return true;
    }

    // ---- metadata

    @Test
    void metadata_comes_back_as_it_was_given() throws Exception {
        assumeThat(keepsMetadata()).isTrue();
        var user = new TreeMap<String, String>();
        user.put("camera", "Zenit-E \"1972\" 100% ~;=,");
        user.put("0-" + "x".repeat(62), "v".repeat(ObjectMetadata.MAX_VALUE));
        var metadata = new ObjectMetadata(Optional.of("text/plain; charset=\"utf-8\""), user);

        assertThat(publish(PublishMode.CREATE_ONLY, staged("a/b", random(10), metadata)))
                .containsOnlyNulls();

        assertThat(store.details(ObjectPath.of("a/b")).metadata()).isEqualTo(metadata);
        try (ObjectReader reader = store.open(ObjectPath.of("a/b"))) {
            assertThat(reader.details()).isEqualTo(store.details(ObjectPath.of("a/b")));
        }
    }

    @Test
    void the_most_metadata_there_can_be_is_kept() throws Exception {
        assumeThat(keepsMetadata()).isTrue();
        var user = new TreeMap<String, String>();
        for (int i = 0; i < ObjectMetadata.MAX_KEYS; i++) {
            user.put("k" + (char) ('a' + i / 26) + (char) ('a' + i % 26), "v".repeat(61));
        }
        var metadata = new ObjectMetadata(Optional.of("a/" + "b".repeat(253)), user);

        assertThat(publish(PublishMode.CREATE_ONLY, staged("a", random(10), metadata)))
                .containsOnlyNulls();

        assertThat(store.details(ObjectPath.of("a")).metadata()).isEqualTo(metadata);
    }

    @Test
    void metadata_goes_with_the_content_it_came_with() throws Exception {
        assumeThat(keepsMetadata()).isTrue();
        var metadata = new ObjectMetadata(Optional.of("image/png"), new TreeMap<>());
        assertThat(publish(PublishMode.CREATE_ONLY, staged("a", random(10), metadata)))
                .containsOnlyNulls();

        assertThat(publish(PublishMode.REPLACE, staged("a", random(20), MODIFIED)))
                .containsOnlyNulls();

        assertThat(store.details(ObjectPath.of("a")).metadata()).isEqualTo(plain("a"));
    }

    @Test
    void a_store_that_keeps_no_metadata_says_so() {
        assumeThat(keepsMetadata()).isFalse();
        var metadata = new ObjectMetadata(Optional.of("image/png"), new TreeMap<>());

        assertFails(StoreError.UNSUPPORTED_METADATA, () -> staged("a", random(10), metadata));
    }

    @Test
    void an_empty_directory_has_no_metadata() {
        var metadata = new ObjectMetadata(Optional.of("image/png"), new TreeMap<>());

        assertFails(StoreError.UNSUPPORTED_METADATA, () -> staged("a/", new byte[0], metadata));
    }

    // ---- etags

    @Test
    void an_etag_stays_while_nothing_changes_and_is_new_with_new_content() throws Exception {
        var seen = new HashSet<String>();
        put("a", random(10));
        for (int i = 0; i < 5; i++) {
            String etag = etag("a");
            assertThat(seen.add(etag)).isTrue();
            assertThat(etag("a")).isEqualTo(etag);
            try (ObjectReader reader = store.open(ObjectPath.of("a"))) {
                assertThat(reader.details().etag()).isEqualTo(etag);
                assertThat(reader.details().info()).isEqualTo(reader.info());
            }
            byte[] other = random(10);
            other[0] = (byte) i;
            assertThat(publish(PublishMode.REPLACE, staged("a", other, MODIFIED)))
                    .containsOnlyNulls();
        }
    }

    @Test
    void details_of_what_is_not_there_are_not_found() throws Exception {
        put("a/b", random(1));

        for (String path : List.of("b", "a", "a/c", "a/b/c", "a/", "a/b/", "c/")) {
            assertFails(StoreError.NOT_FOUND, () -> store.details(ObjectPath.of(path)));
        }
    }

    @Test
    void an_object_is_replaced_only_if_it_is_the_one_named() throws Exception {
        put("a", "one".getBytes(UTF_8));
        String one = etag("a");

        assertThat(replace("a", "two".getBytes(UTF_8), one)).isNull();
        assertThat(get("a")).asString(UTF_8).isEqualTo("two");
        assertThat(replace("a", "three".getBytes(UTF_8), one)).isEqualTo(StoreError.CHANGED);
        assertThat(get("a")).asString(UTF_8).isEqualTo("two");
        assertThat(replace("b", "x".getBytes(UTF_8), one)).isEqualTo(StoreError.NOT_FOUND);
        assertThat(replace("a/b", "x".getBytes(UTF_8), one)).isEqualTo(StoreError.NOT_FOUND);
        assertThat(listed("")).containsExactly("a");
    }

    @Test
    void writers_who_look_first_lose_nothing() throws Exception {
        put("counter", "0".getBytes(UTF_8));
        var refused = new AtomicInteger();

        inParallel(4, writer -> {
            for (int i = 0; i < 10; ) {
                String etag;
                int seen;
                try (ObjectReader reader = store.open(ObjectPath.of("counter"))) {
                    etag = reader.details().etag();
                    byte[] bytes = new byte[(int) reader.info().size()];
                    assertThat(reader.read(0, bytes, 0, bytes.length)).isEqualTo(bytes.length);
                    seen = Integer.parseInt(new String(bytes, UTF_8));
                } catch (StoreException e) {
                    assertThat(e.error()).isEqualTo(StoreError.CHANGED);
                    continue;
                }
                StoreError error = replace("counter", ("" + (seen + 1)).getBytes(UTF_8), etag);
                assertThat(error).isIn(null, StoreError.CHANGED);
                i += error == null ? 1 : 0;
                refused.addAndGet(error == null ? 0 : 1);
            }
        });

        assertThat(get("counter")).asString(UTF_8).isEqualTo("40");
    }

    // ---- deleting

    @Test
    void a_deleted_object_is_gone() throws Exception {
        put(List.of("a/b/c", "a/d", "e"));

        store.delete(ObjectPath.of("a/d"));
        assertThat(listed("")).containsExactly("a/b/c", "e");
        assertFails(StoreError.NOT_FOUND, () -> store.head(ObjectPath.of("a/d")));
        assertFails(StoreError.NOT_FOUND, () -> store.open(ObjectPath.of("a/d")));
        assertFails(StoreError.NOT_FOUND, () -> store.delete(ObjectPath.of("a/d")));

        put("a/d", random(5));
        assertThat(get("a/d")).isEqualTo(random(5));
    }

    @Test
    void a_deleted_object_leaves_no_empty_directories() throws Exception {
        put(List.of("a/b/c/d/e", "a/f"));

        store.delete(ObjectPath.of("a/b/c/d/e"));
        assertThat(listed(""))
                .containsExactlyElementsOf(removesDirectoriesLeftEmpty() ? List.of("a/f") : List.of("a/b/c/d/", "a/f"));
        store.delete(ObjectPath.of("a/f"));
        assertThat(listed(""))
                .containsExactlyElementsOf(removesDirectoriesLeftEmpty() ? List.of() : List.of("a/b/c/d/"));
    }

    @Test
    void an_empty_directory_is_deleted_as_one() throws Exception {
        put("a/b/", new byte[0]);
        put("c", random(1));

        assertFails(StoreError.NOT_FOUND, () -> store.delete(ObjectPath.of("a/b")));
        assertFails(StoreError.NOT_FOUND, () -> store.delete(ObjectPath.of("c/")));
        assertThat(listed("")).containsExactly("a/b/", "c");
        store.delete(ObjectPath.of("a/b/"), etag("a/b/"));
        assertThat(listed(""))
                .containsExactlyElementsOf(removesDirectoriesLeftEmpty() ? List.of("c") : List.of("a/", "c"));
    }

    @Test
    void what_is_no_object_cannot_be_deleted() throws Exception {
        put("a/b", random(1));

        for (String path : List.of("b", "a", "a/c", "a/b/c", "a/", "a/b/", "c/")) {
            assertFails(StoreError.NOT_FOUND, () -> store.delete(ObjectPath.of(path)));
            assertFails(StoreError.NOT_FOUND, () -> store.delete(ObjectPath.of(path), "x"));
        }
        assertThat(listed("")).containsExactly("a/b");
    }

    @Test
    void an_object_is_deleted_only_if_it_is_the_one_named() throws Exception {
        put("a", random(1));
        String old = etag("a");
        assertThat(publish(PublishMode.REPLACE, staged("a", random(2), MODIFIED)))
                .containsOnlyNulls();

        assertFails(StoreError.CHANGED, () -> store.delete(ObjectPath.of("a"), old));
        assertThat(get("a")).isEqualTo(random(2));
        store.delete(ObjectPath.of("a"), etag("a"));
        assertThat(listed("")).isEmpty();
    }

    @Test
    void those_who_delete_do_not_disturb_those_who_write_beside_them() throws Exception {
        inParallel(4, number -> {
            for (int i = 0; i < 25; i++) {
                String path = "shared/dir/" + number + "-" + i;
                put(path, random(10));
                if (i % 5 != 0) {
                    store.delete(ObjectPath.of(path));
                }
            }
        });

        var expected = new ArrayList<String>();
        for (int number = 0; number < 4; number++) {
            for (int i = 0; i < 25; i += 5) {
                expected.add("shared/dir/" + number + "-" + i);
            }
        }
        assertThat(listed("")).containsExactlyInAnyOrderElementsOf(expected);
    }

    /** The metadata of an object that was given none: a store may have to say some content type. */
    protected ObjectMetadata plain(String path) {
        return ObjectMetadata.EMPTY;
    }
}
