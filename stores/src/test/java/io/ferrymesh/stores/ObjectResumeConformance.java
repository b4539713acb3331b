package io.ferrymesh.stores;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a store does with objects that outlive the process that stages them, or says that it does not. */
public abstract class ObjectResumeConformance extends ObjectListingConformance {

    /** Tag of tests with objects so large that an implementation may want another place for them. */
    protected static final String LARGE_OBJECTS = "large-objects";

    private static final int SEGMENT = StagedObject.SEGMENT_BYTES;
    private static final byte[] BYTES = random(2 * SEGMENT + 5_000);
    private static final ObjectInfo LARGE = new ObjectInfo(ObjectPath.of("a/large"), BYTES.length, MODIFIED);

    private @Nullable ObjectStore abandoned;

    /** Whether what was staged durably can be resumed; where it cannot, there must be no token. */
    protected boolean keepsStaged() {
        return true;
    }

    /** Whether nothing at all is left of what was staged. */
    protected abstract boolean nothingIsStaged() throws Exception;

    @AfterEach
    void closeAbandoned() {
        if (abandoned != null) {
            abandoned.close();
        }
    }

    // ---- taken up again

    @Test
    @Tag(LARGE_OBJECTS)
    void what_was_forced_is_there_for_whoever_resumes_it_and_what_is_half_written_is_not() throws Exception {
        StagedObject first = begun();
        write(first, 0);
        first.write(SEGMENT, BYTES, SEGMENT, SEGMENT / 2);
        write(first, 2);
        first.force();
        reopenWithoutClosing();

        StagedObject second = resumed(tokenOf(first));
        assertThat(held(second)).containsExactly(true, false, true, false);
        assertThat(second.token()).contains(tokenOf(first));
        write(second, 1);
        assertThat(held(second)).containsExactly(true, true, true, false);
        assertThat(publish(PublishMode.CREATE_ONLY, second)).containsOnlyNulls();

        assertThat(get("a/large")).isEqualTo(BYTES);
        assertThat(store.head(LARGE.path())).isEqualTo(new ObjectInfo(LARGE.path(), BYTES.length, kept(MODIFIED)));
        assertNotKept(tokenOf(first));
        first.close();
        assertThat(get("a/large")).isEqualTo(BYTES);
        assertThat(nothingIsStaged()).isTrue();
    }

    @Test
    @Tag(LARGE_OBJECTS)
    void a_store_that_closes_lets_go_of_what_is_kept() throws Exception {
        StagedObject first = begun();
        write(first, 1);
        first.force();
        store.close();
        store = open();
        assertFails(StoreError.IO_ERROR, () -> write(first, 0));

        StagedObject second = resumed(tokenOf(first));
        assertThat(held(second)).containsExactly(false, true, false, false);
        second.detach();
        second.close();
        assertFails(StoreError.IO_ERROR, () -> write(second, 0));
        assertFails(StoreError.IO_ERROR, second::force);
        assertThat(publish(PublishMode.CREATE_ONLY, second)).containsExactly(StoreError.IO_ERROR);

        StagedObject third = resumed(tokenOf(first));
        assertThat(held(third)).containsExactly(false, true, false, false);
        write(third, 0);
        write(third, 2);
        assertThat(publish(PublishMode.CREATE_ONLY, third)).containsOnlyNulls();
        assertThat(get("a/large")).isEqualTo(BYTES);
    }

    @Test
    @Tag(LARGE_OBJECTS)
    void an_object_that_was_whole_can_be_published_by_whoever_resumes_it_with_its_metadata() throws Exception {
        assumeThat(keepsStaged()).isTrue();
        var metadata = new ObjectMetadata(Optional.of("image/png"), new TreeMap<>());
        StagedObject first = store.stageDurably(LARGE, metadata);
        for (int segment : List.of(2, 0, 1)) {
            write(first, segment);
        }
        first.force();
        first.detach();

        StagedObject second = store.resume(LARGE, metadata, tokenOf(first));
        assertThat(held(second)).containsExactly(true, true, true, false);
        assertThat(publish(PublishMode.CREATE_ONLY, second)).containsOnlyNulls();

        assertThat(get("a/large")).isEqualTo(BYTES);
        assertThat(store.head(LARGE.path()).modified()).isEqualTo(kept(MODIFIED));
        assertThat(store.details(LARGE.path()).metadata()).isEqualTo(metadata);
    }

    @Test
    @Tag(LARGE_OBJECTS)
    void a_resumed_object_takes_the_place_of_the_one_named_or_is_refused_and_gone() throws Exception {
        put("a/large", random(10));
        String etag = etag("a/large");
        StagedObject first = begun();
        write(first, 1);
        first.force();
        first.detach();
        StagedObject second = resumed(tokenOf(first));
        writeAll(second);
        assertThat(ObjectStoreFixture.errorOf(store.replace(second, etag))).isNull();
        assertThat(get("a/large")).isEqualTo(BYTES);

        StagedObject third = begun();
        writeAll(third);
        assertThat(publish(PublishMode.CREATE_ONLY, third)).containsExactly(StoreError.EXISTS);
        assertNotKept(tokenOf(third));
        assertThat(nothingIsStaged()).isTrue();
    }

    @Test
    @Tag(LARGE_OBJECTS)
    void segments_are_forced_while_others_are_written() throws Exception {
        StagedObject first = begun();
        inParallel(4, number -> {
            for (int at = number * SEGMENT; number < 3 && at < BYTES.length && at < (number + 1) * SEGMENT; ) {
                int count = Math.min(400_000, Math.min(BYTES.length, (number + 1) * SEGMENT) - at);
                first.write(at, BYTES, at, count);
                at += count;
            }
            for (int i = 0; number == 3 && i < 10; i++) {
                first.force();
            }
        });
        first.force();
        reopenWithoutClosing();

        StagedObject second = resumed(tokenOf(first));
        assertThat(held(second)).containsExactly(true, true, true, false);
        assertThat(publish(PublishMode.CREATE_ONLY, second)).containsOnlyNulls();
        assertThat(get("a/large")).isEqualTo(BYTES);
    }

    // ---- written again

    @Test
    @Tag(LARGE_OBJECTS)
    void a_segment_is_written_again_whether_half_or_whole_or_kept() throws Exception {
        assumeThat(keepsStaged()).isTrue();
        byte[] wrong = new byte[SEGMENT];
        StagedObject first = begun();
        first.write(0, wrong, 0, SEGMENT);
        first.write(SEGMENT, wrong, 0, SEGMENT / 2 + 1);
        first.write(2L * SEGMENT, wrong, 0, 5_000);
        first.force();
        for (int segment : List.of(1, 0, 7, -1)) {
            first.rewrite(segment);
        }
        assertThat(held(first)).containsExactly(false, false, true, false);
        write(first, 1);
        first.write(0, wrong, 0, 100);
        reopenWithoutClosing();

        StagedObject second = resumed(tokenOf(first));
        assertThat(held(second)[0]).isFalse();
        assertThat(held(second)[2]).isTrue();
        second.rewrite(1);
        second.rewrite(2);
        writeAll(second);
        second.rewrite(1);
        assertThat(held(second)).containsExactly(true, false, true, false);
        write(second, 1);
        assertThat(publish(PublishMode.CREATE_ONLY, second)).containsOnlyNulls();

        assertThat(get("a/large")).isEqualTo(BYTES);
    }

    @Test
    @Tag(LARGE_OBJECTS)
    void a_segment_that_is_written_again_is_not_there_for_whoever_resumes_the_object() throws Exception {
        StagedObject first = begun();
        writeAll(first);
        first.force();
        first.rewrite(0);
        first.rewrite(2);
        reopenWithoutClosing();

        StagedObject second = resumed(tokenOf(first));
        assertThat(held(second)).containsExactly(false, true, false, false);
        write(second, 0);
        write(second, 2);
        assertThat(publish(PublishMode.CREATE_ONLY, second)).containsOnlyNulls();
        assertThat(get("a/large")).isEqualTo(BYTES);
    }

    @Test
    void a_segment_of_an_object_that_is_not_kept_is_written_again() throws Exception {
        byte[] bytes = random(200_000);
        StagedObject staged = store.stage(new ObjectInfo(ObjectPath.of("a"), bytes.length, MODIFIED));
        staged.write(0, new byte[150_000], 0, 150_000);
        staged.rewrite(0);
        assertFails(StoreError.IO_ERROR, () -> staged.write(150_000, bytes, 150_000, 10));
        StagedObject other = store.stage(new ObjectInfo(ObjectPath.of("a"), bytes.length, MODIFIED));
        other.write(0, new byte[150_000], 0, 150_000);
        other.rewrite(0);
        other.write(0, bytes, 0, bytes.length);

        assertThat(publish(PublishMode.CREATE_ONLY, other)).containsOnlyNulls();
        assertThat(get("a")).isEqualTo(bytes);
        staged.close();
    }

    // ---- whose it is

    @Test
    @Tag(LARGE_OBJECTS)
    void whoever_resumes_an_object_takes_it_away_from_the_one_before() throws Exception {
        StagedObject first = begun();
        write(first, 0);
        first.force();

        StagedObject second = resumed(tokenOf(first));
        StagedObject third = resumed(tokenOf(first));
        for (StagedObject each : List.of(first, second)) {
            assertFails(StoreError.IO_ERROR, () -> write(each, 1));
            assertFails(StoreError.IO_ERROR, each::force);
            assertFails(StoreError.IO_ERROR, () -> each.rewrite(0));
        }
        assertThat(publish(PublishMode.CREATE_ONLY, first)).containsExactly(StoreError.IO_ERROR);
        second.close();
        assertThat(listed("")).isEmpty();

        assertThat(held(third)).containsExactly(true, false, false, false);
        write(third, 1);
        write(third, 2);
        assertThat(publish(PublishMode.CREATE_ONLY, third)).containsOnlyNulls();
        assertThat(get("a/large")).isEqualTo(BYTES);
    }

    @Test
    @Tag(LARGE_OBJECTS)
    void one_of_many_who_resume_an_object_at_once_has_it() throws Exception {
        StagedObject first = begun();
        write(first, 0);
        first.force();
        var all = new StagedObject[4];
        inParallel(all.length, number -> all[number] = resumed(tokenOf(first)));

        int able = 0;
        for (StagedObject each : all) {
            try {
                write(each, 1);
                write(each, 2);
                able++;
                assertThat(publish(PublishMode.CREATE_ONLY, each)).containsOnlyNulls();
            } catch (StoreException e) {
                assertThat(e.error()).isEqualTo(StoreError.IO_ERROR);
                each.close();
            }
        }
        assertThat(able).isEqualTo(1);
        assertThat(get("a/large")).isEqualTo(BYTES);
    }

    // ---- not there

    @Test
    @Tag(LARGE_OBJECTS)
    void an_object_is_resumed_only_as_what_it_was_staged_for() throws Exception {
        StagedObject first = begun();
        write(first, 0);
        first.force();
        first.detach();
        String token = tokenOf(first);
        var metadata = new ObjectMetadata(Optional.of("image/png"), new TreeMap<>());
        Instant later = MODIFIED.plus(Duration.ofSeconds(1));
        for (ObjectInfo other : List.of(
                new ObjectInfo(ObjectPath.of("a/other"), BYTES.length, MODIFIED),
                new ObjectInfo(LARGE.path(), BYTES.length - 1, MODIFIED),
                new ObjectInfo(LARGE.path(), BYTES.length + 1, MODIFIED),
                new ObjectInfo(LARGE.path(), 10, MODIFIED),
                new ObjectInfo(LARGE.path(), Long.MAX_VALUE, MODIFIED),
                new ObjectInfo(ObjectPath.of("a/"), 0, MODIFIED),
                new ObjectInfo(LARGE.path(), BYTES.length, later))) {
            assertFails(StoreError.NOT_FOUND, () -> store.resume(other, ObjectMetadata.EMPTY, token));
        }
        assertFails(StoreError.NOT_FOUND, () -> store.resume(LARGE, metadata, token));

        store.discard(ObjectPath.of("a/other"), token);
        assertThat(held(resumed(token))).containsExactly(true, false, false, false);
    }

    @Test
    void a_token_of_garbage_is_of_nothing_and_discarding_it_does_no_harm() throws Exception {
        put("a", random(10));
        for (String token : List.of(
                "",
                "a",
                "d1.",
                "d1." + "0".repeat(32),
                "d1." + "g".repeat(32),
                "d1.../../a",
                "../../a",
                "d1.0123456789abcdef0123456789abcde/",
                "d1." + "0".repeat(32) + "\n",
                "s1.",
                "s1.0123456789abcdef.SC." + "A".repeat(43) + ".AAAA",
                "s1.0123456789abcdef.XC." + "A".repeat(43) + ".AAAA",
                "s1.0123456789abcdef.SC." + "A".repeat(43) + "." + "A".repeat(2_000),
                "\u0000\u00e9\ud83d",
                "x".repeat(100_000))) {
            assertFails(StoreError.NOT_FOUND, () -> store.resume(LARGE, ObjectMetadata.EMPTY, token));
            store.discard(ObjectPath.of("a"), token);
        }
        assertThat(get("a")).isEqualTo(random(10));
    }

    @Test
    @Tag(LARGE_OBJECTS)
    void what_was_closed_or_discarded_is_gone() throws Exception {
        StagedObject closed = begun();
        write(closed, 0);
        closed.force();
        closed.close();
        assertNotKept(tokenOf(closed));

        StagedObject discarded = begun();
        write(discarded, 0);
        discarded.force();
        store.discard(LARGE.path(), tokenOf(discarded));
        assertFails(StoreError.IO_ERROR, () -> write(discarded, 1));
        assertNotKept(tokenOf(discarded));
        store.discard(LARGE.path(), tokenOf(discarded));

        StagedObject left = begun();
        write(left, 0);
        left.force();
        left.detach();
        reopenWithoutClosing();
        store.discard(LARGE.path(), tokenOf(left));
        assertNotKept(tokenOf(left));
        assertThat(nothingIsStaged()).isTrue();
    }

    @Test
    @Tag(LARGE_OBJECTS)
    void to_discard_what_was_published_does_nothing() throws Exception {
        StagedObject staged = begun();
        writeAll(staged);
        String token = tokenOf(staged);
        assertThat(publish(PublishMode.CREATE_ONLY, staged)).containsOnlyNulls();

        store.discard(LARGE.path(), token);

        assertNotKept(token);
        assertThat(get("a/large")).isEqualTo(BYTES);
    }

    // ---- those that are not kept

    @Test
    void an_object_of_any_size_can_be_staged_durably_and_published() throws Exception {
        for (String path : List.of("empty", "small", "directory/")) {
            byte[] bytes = path.equals("small") ? random(1_000) : new byte[0];
            StagedObject staged = store.stageDurably(
                    new ObjectInfo(ObjectPath.of(path), bytes.length, MODIFIED), ObjectMetadata.EMPTY);
            staged.write(0, bytes, 0, bytes.length);
            staged.force();
            assertThat(publish(PublishMode.CREATE_ONLY, staged)).containsOnlyNulls();
        }

        assertThat(listed("")).containsExactly("directory/", "empty", "small");
        assertThat(get("small")).isEqualTo(random(1_000));
        assertThat(nothingIsStaged()).isTrue();
    }

    @Test
    void an_object_that_is_not_staged_durably_has_no_token_and_goes_when_let_go_of() throws Exception {
        StagedObject staged = staged("a", "bytes".getBytes(UTF_8), MODIFIED);

        assertThat(staged.token()).isEmpty();
        staged.force();
        assertThat(held(staged)).containsOnly(false);
        staged.detach();
        assertThat(publish(PublishMode.CREATE_ONLY, staged)).containsExactly(StoreError.IO_ERROR);
        assertThat(nothingIsStaged()).isTrue();
    }

    @Test
    void a_store_that_keeps_nothing_gives_no_token() throws Exception {
        assumeThat(keepsStaged()).isFalse();
        StagedObject staged = store.stageDurably(LARGE, ObjectMetadata.EMPTY);

        assertThat(staged.token()).isEmpty();
        staged.write(0, BYTES, 0, SEGMENT);
        staged.force();
        assertThat(held(staged)).containsOnly(false);
        staged.detach();
        assertFails(StoreError.IO_ERROR, () -> write(staged, 1));
    }

    private StagedObject begun() throws StoreException {
        assumeThat(keepsStaged()).isTrue();
        return store.stageDurably(LARGE, ObjectMetadata.EMPTY);
    }

    private StagedObject resumed(String token) throws StoreException {
        return store.resume(LARGE, ObjectMetadata.EMPTY, token);
    }

    private void assertNotKept(String token) {
        assertFails(StoreError.NOT_FOUND, () -> resumed(token));
    }

    /** As if the process had died, as far as that goes within one. */
    private void reopenWithoutClosing() throws StoreException {
        abandoned = store;
        store = open();
    }

    private static String tokenOf(StagedObject staged) {
        String token = staged.token().orElseThrow();
        assertThat(token).matches("[!-~]{1," + ObjectStore.MAX_TOKEN + "}");
        return token;
    }

    private static boolean[] held(StagedObject staged) {
        var held = new boolean[4];
        for (int segment = 0; segment < held.length; segment++) {
            held[segment] = staged.holds(segment);
        }
        assertThat(staged.holds(-1)).isFalse();
        assertThat(staged.holds(Integer.MAX_VALUE)).isFalse();
        return held;
    }

    private static void write(StagedObject staged, int segment) throws StoreException {
        int start = segment * SEGMENT;
        staged.write(start, BYTES, start, Math.min(SEGMENT, BYTES.length - start));
    }

    private static void writeAll(StagedObject staged) throws StoreException {
        for (int segment = 0; segment < 3; segment++) {
            if (!staged.holds(segment)) {
                write(staged, segment);
            }
        }
    }
}
