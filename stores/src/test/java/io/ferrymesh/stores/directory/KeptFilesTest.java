package io.ferrymesh.stores.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.PublishOutcome;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptFilesTest {

    private static final int SEGMENT = StagedObject.SEGMENT_BYTES;
    private static final ObjectInfo INFO =
            new ObjectInfo(ObjectPath.of("a/large"), 2L * SEGMENT, StoreProcess.MODIFIED);
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path root;

    private DirectoryStore store;

    @BeforeEach
    void openStore() throws StoreException {
        store = DirectoryStore.open(root);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    // ---- other processes

    @Test
    void an_object_of_a_process_that_was_killed_is_taken_up_and_published() throws Exception {
        String token;
        try (var other = ForkedStore.start(root, Map.of())) {
            token = other.ask("keep", StoreProcess.encode("a/large"));
            other.kill();
        }
        store.close();
        store = DirectoryStore.open(root);
        assertThat(Files.exists(root.resolve("a"))).isFalse();

        StagedObject resumed = resume(token);
        assertThat(resumed.holds(0)).isTrue();
        assertThat(resumed.holds(1)).isFalse();
        fill(resumed, 1, 2);
        assertPublished(resumed);

        byte[] expected = new byte[2 * SEGMENT];
        Arrays.fill(expected, 0, SEGMENT, (byte) 1);
        Arrays.fill(expected, SEGMENT, 2 * SEGMENT, (byte) 2);
        assertThat(root.resolve("a/large")).hasBinaryContent(expected);
        assertThat(Files.getLastModifiedTime(root.resolve("a/large")).toInstant())
                .isEqualTo(StoreProcess.MODIFIED);
        assertThat(root.resolve(StagingArea.NAME)).doesNotExist();
    }

    @Test
    void a_process_that_has_lost_an_object_cannot_make_anything_safe_or_visible() throws Exception {
        try (var other = ForkedStore.start(root, Map.of())) {
            String token = other.ask("keep", StoreProcess.encode("a/large"));
            StagedObject resumed = resume(token);
            assertThat(other.ask("force")).isEqualTo("ok"); // nothing has become whole since
            assertThat(other.ask("rest")).isEqualTo("IO_ERROR"); // in the middle of a segment that it has begun
            assertThat(other.ask("force")).isEqualTo("IO_ERROR");
            assertThat(other.ask("publish")).isEqualTo("IO_ERROR");
            assertThat(root.resolve("a")).doesNotExist();

            fill(resumed, 1, 2);
            assertPublished(resumed);
        }
        byte[] expected = new byte[2 * SEGMENT];
        Arrays.fill(expected, 0, SEGMENT, (byte) 1);
        Arrays.fill(expected, SEGMENT, 2 * SEGMENT, (byte) 2);
        assertThat(root.resolve("a/large")).hasBinaryContent(expected);
    }

    // ---- what a crash may leave

    @Test
    void one_that_died_while_it_was_published_is_not_written_to_any_more() throws Exception {
        String token = begun();
        Path unused = Files.createLink(root.resolve("published"), kept("data"));

        assertNotKept(token);
        assertThat(root.resolve("published")).hasSize(SEGMENT);
        assertThat(root.resolve(StagingArea.NAME)).doesNotExist();
    }

    @Test
    void an_entry_that_was_cut_off_or_damaged_ends_the_record() throws Exception {
        for (int damage : new int[] {-1, 0, 5}) {
            StagedObject staged = store.stageDurably(INFO, ObjectMetadata.EMPTY);
            String token = staged.token().orElseThrow();
            fill(staged, 0, 1);
            staged.force();
            long whole = Files.size(kept("record"));
            fill(staged, 1, 2);
            staged.force();
            staged.detach();
            try (var record = new RandomAccessFile(kept("record").toFile(), "rw")) {
                if (damage < 0) {
                    record.setLength(whole + 11);
                } else {
                    record.seek(whole + damage);
                    record.write(0x55);
                }
            }

            StagedObject resumed = resume(token);
            assertThat(resumed.holds(0)).isTrue();
            assertThat(resumed.holds(1)).isFalse();
            fill(resumed, 1, 2);
            resumed.force();
            resumed.detach();
            StagedObject again = resume(token);
            assertThat(again.holds(1)).isTrue();
            again.close();
        }
    }

    @Test
    void a_segment_that_the_file_is_too_short_for_is_not_there() throws Exception {
        String token = begun();
        try (var data = new RandomAccessFile(kept("data").toFile(), "rw")) {
            data.setLength(SEGMENT - 1);
        }

        assertThat(resume(token).holds(0)).isFalse();
    }

    @Test
    void an_object_without_one_of_its_files_is_none_and_can_be_discarded() throws Exception {
        for (String gone : List.of("data", "record")) {
            String token = begun();
            Files.delete(kept(gone));

            assertNotKept(token);
            store.discard(INFO.path(), token);
            assertThat(root.resolve(StagingArea.NAME)).doesNotExist();
        }
    }

    @Test
    void an_object_whose_record_is_damaged_at_its_start_is_none_and_can_be_discarded() throws Exception {
        String token = begun();
        Files.write(kept("record"), new byte[20]);

        assertNotKept(token);
        store.discard(INFO.path(), token);
        assertThat(root.resolve(StagingArea.NAME)).doesNotExist();
    }

    @Test
    void files_that_were_renamed_by_half_are_found() throws Exception {
        String token = begun();
        Path data = kept("data");
        Path unused = Files.move(data, data.resolveSibling("00000001.data"));

        assertThat(resume(token).holds(0)).isTrue();
        assertThat(kept("record")).hasFileName("00000002.record");
    }

    // ---- cleaning up

    @Test
    void what_nobody_has_touched_is_removed_unless_this_process_has_it() throws Exception {
        String left = begun();
        StagedObject open = store.stageDurably(INFO, ObjectMetadata.EMPTY);
        Path foreign = Files.writeString(root.resolve(KeptFiles.KEY).resolve("notes.txt"), "x");

        store.removeKept(Instant.now().minus(HOUR));
        store.removeKept(Instant.now().plus(HOUR));

        assertNotKept(left);
        assertThat(foreign).exists();
        fill(open, 0, 1);
        fill(open, 1, 2);
        assertPublished(open);
    }

    @Test
    void an_old_modification_time_does_not_make_an_object_old() throws Exception {
        StagedObject staged = store.stageDurably(INFO, ObjectMetadata.EMPTY);
        String token = staged.token().orElseThrow();
        fill(staged, 0, 1);
        fill(staged, 1, 2);
        staged.force();
        staged.detach();
        assertThat(Files.getLastModifiedTime(kept("data")).toInstant()).isEqualTo(StoreProcess.MODIFIED);

        store.close();
        store = DirectoryStore.open(root);

        assertPublished(resume(token));
    }

    @Test
    void what_is_kept_is_nobody_else_s_to_see() throws Exception {
        StagedObject staged = store.stageDurably(INFO, ObjectMetadata.EMPTY);

        assertThat(Files.getPosixFilePermissions(root.resolve(KeptFiles.KEY))).hasSize(3);
        try (var listing = store.list("")) {
            assertThat(listing.next(10)).hasSize(1).noneMatch(ObjectInfo.class::isInstance);
        }
        staged.close();
    }

    /** One with its first segment safe, let go of. */
    private String begun() throws StoreException {
        StagedObject staged = store.stageDurably(INFO, ObjectMetadata.EMPTY);
        fill(staged, 0, 1);
        staged.force();
        staged.detach();
        return staged.token().orElseThrow();
    }

    private StagedObject resume(String token) throws StoreException {
        return store.resume(INFO, ObjectMetadata.EMPTY, token);
    }

    private void assertNotKept(String token) {
        StoreException failure = catchThrowableOfType(StoreException.class, () -> resume(token));
        assertThat(failure).hasMessage("a/large: nothing is kept of it");
        assertThat(failure.error()).isEqualTo(StoreError.NOT_FOUND);
    }

    private void assertPublished(StagedObject staged) {
        assertThat(store.publish(List.of(staged), PublishMode.CREATE_ONLY))
                .containsExactly(new PublishOutcome(INFO, null));
    }

    private static void fill(StagedObject staged, int segment, int value) throws StoreException {
        byte[] bytes = new byte[SEGMENT];
        Arrays.fill(bytes, (byte) value);
        staged.write((long) segment * SEGMENT, bytes, 0, SEGMENT);
    }

    /** The one file of a kind. */
    private Path kept(String kind) throws IOException {
        try (Stream<Path> all = Files.walk(root.resolve(KeptFiles.KEY))) {
            return all.filter(path -> path.toString().endsWith("." + kind))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
