package io.ferrymesh.stores.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.PublishMode;
import io.ferrymesh.stores.PublishOutcome;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system of one MiB, which only root can make; skipped for others. */
class FullDiskTest {

    private static final Instant MODIFIED = Instant.parse("2001-02-03T04:05:06Z");
    private static final int BLOCK = 64 << 10;

    @TempDir
    Path small;

    private Optional<DirectoryStore> store = Optional.empty();

    @BeforeEach
    void mount() throws Exception {
        assumeThat(exitOf("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString()))
                .as("skipped: no small file system can be mounted here")
                .isZero();
        store = Optional.of(DirectoryStore.open(small));
    }

    @AfterEach
    void unmount() throws Exception {
        if (store.isPresent()) {
            store.get().close();
            assertThat(exitOf("umount", small.toString())).isZero();
        }
    }

    @Test
    void a_full_disk_is_told_and_what_was_written_goes() throws Exception {
        StagedObject large = store().stage(new ObjectInfo(ObjectPath.of("large"), 64L * BLOCK, MODIFIED));
        StoreException failure = catchThrowableOfType(StoreException.class, () -> {
            for (int i = 0; i < 64; i++) {
                large.write((long) i * BLOCK, new byte[BLOCK], 0, BLOCK);
            }
        });

        assertThat(failure).isNotNull().hasMessage("large: No space left on device");
        assertThat(failure.error()).isEqualTo(StoreError.FULL);
        List<PublishOutcome> outcomes = store().publish(List.of(large), PublishMode.CREATE_ONLY);
        assertThat(outcomes.get(0).error()).isNotNull();
        assertThat(small.resolve("large")).doesNotExist();
        assertThat(small.resolve(StagingArea.NAME)).doesNotExist();
        put("small");
    }

    @Test
    void an_object_stays_as_it_was_when_there_is_no_space_for_its_successor() throws Exception {
        put("a");
        Path filler = small.resolve("filler");
        int exit = exitOf("dd", "if=/dev/zero", "of=" + filler, "bs=4k");
        assertThat(exit).as("dd fills the disk").isNotZero();

        StoreException failure = catchThrowableOfType(StoreException.class, () -> {
            try (StagedObject staged = store().stage(new ObjectInfo(ObjectPath.of("a"), BLOCK, MODIFIED))) {
                staged.write(0, new byte[BLOCK], 0, BLOCK);
            }
        });
        assertThat(failure).isNotNull();
        assertThat(failure.error()).isEqualTo(StoreError.FULL);
        assertThat(store().head(ObjectPath.of("a")).size()).isEqualTo(4);

        store().delete(ObjectPath.of("filler"));
        put("b");
    }

    private void put(String path) throws StoreException {
        StagedObject staged = store().stage(new ObjectInfo(ObjectPath.of(path), 4, MODIFIED));
        staged.write(0, new byte[] {1, 2, 3, 4}, 0, 4);
        assertThat(store().publish(List.of(staged), PublishMode.CREATE_ONLY))
                .containsExactly(new PublishOutcome(staged.info(), null));
        assertThat(Files.exists(small.resolve(path))).isTrue();
    }

    private DirectoryStore store() {
        return store.orElseThrow();
    }

    private static int exitOf(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1;
        }
    }
}
