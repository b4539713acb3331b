package io.ferrymesh.stores.directory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.StagedObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimsTest {

    private static final ObjectPath COUNTER = ObjectPath.of("a/counter");

    @TempDir
    Path root;

    @Test
    void processes_that_look_first_lose_nothing() throws Exception {
        putZero();
        String path = StoreProcess.encode(COUNTER.toString());

        try (var one = ForkedStore.start(root, Map.of());
                var other = ForkedStore.start(root, Map.of())) {
            one.tell("count", path, "150");
            other.tell("count", path, "150");
            assertThat(one.answer()).isEqualTo("ok");
            assertThat(other.answer()).isEqualTo("ok");
        }

        assertThat(root.resolve("a/counter")).hasContent("300");
        assertThat(root.resolve(StagingArea.NAME)).doesNotExist();
    }

    @Test
    void a_claim_goes_with_the_process_that_held_it() throws Exception {
        putZero();
        try (DirectoryStore store = DirectoryStore.open(root)) {
            var fork = ForkedStore.start(root, Map.of());
            assertThat(fork.ask("stage", StoreProcess.encode("x"))).isEqualTo("ok");
            Path area = only(root.resolve(StagingArea.NAME));
            // Just the link that taking the claim makes, as if the process died right after it.
            StagedObject staged = store.stage(new ObjectInfo(COUNTER, 1, Instant.EPOCH));
            staged.write(0, new byte[] {'1'}, 0, 1);
            Path claim = root.resolve(StagingArea.NAME).resolve(Claims.nameOf(COUNTER));
            assertThat(Files.createLink(claim, area.resolve(StagingArea.OWNER))).exists();
            fork.kill();

            assertThat(store.replace(staged, store.details(COUNTER).etag()).error())
                    .isNull();
        }

        assertThat(root.resolve("a/counter")).hasContent("1");
        assertThat(root.resolve(StagingArea.NAME)).doesNotExist();
    }

    private void putZero() throws Exception {
        Path parent = Files.createDirectory(root.resolve("a"));
        assertThat(Files.write(parent.resolve("counter"), "0".getBytes(UTF_8))).exists();
    }

    private static Path only(Path directory) throws Exception {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }
}
