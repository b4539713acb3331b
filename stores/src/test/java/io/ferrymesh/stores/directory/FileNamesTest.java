package io.ferrymesh.stores.directory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileNamesTest {

    @TempDir
    Path directory;

    @Test
    void text_and_bytes_lead_to_the_same_name() {
        for (String name : List.of("a", "ü 漢字\n.txt", "%41", "a?b#c", "\uFFFD", "😀", "x\\y", "~", "ends ")) {
            assertThat(FileNames.bytes(FileNames.of(name))).isEqualTo(name.getBytes(UTF_8));
            assertThat(FileNames.ofBytes(name.getBytes(UTF_8))).isEqualTo(FileNames.of(name));
            assertThat(FileNames.text(name.getBytes(UTF_8))).isEqualTo(name);
        }
    }

    @Test
    void bytes_that_are_not_utf8_come_back_from_the_disk_as_they_are() throws IOException {
        byte[] name = {'a', (byte) 0xff, (byte) 0xc3, '\n', '%', '4', '1'};
        Path created = Files.createFile(directory.resolve(FileNames.ofBytes(name)));

        try (var members = Files.newDirectoryStream(directory)) {
            assertThat(FileNames.bytes(members.iterator().next())).isEqualTo(name);
        }
        assertThat(FileNames.text(name)).isNull();
        assertThat(FileNames.isFaithful(created)).isFalse();
    }

    @Test
    void a_process_without_a_locale_reads_and_writes_every_name() throws IOException {
        String name = "ü 漢字\n.txt";
        try (var fork = ForkedStore.start(directory, Map.of("LC_ALL", "C", "LANG", "C"))) {
            assertThat(fork.ask("names"))
                    .as("the test needs a locale that is not UTF-8")
                    .isNotEqualTo("UTF-8");
            assertThat(fork.ask("stage", StoreProcess.encode(name + "/" + name)))
                    .isEqualTo("ok");
            assertThat(fork.ask("publish")).isEqualTo("ok");
            assertThat(fork.list()).containsExactly(name + "/" + name);
            assertThat(fork.ask("get", StoreProcess.encode(name + "/" + name)))
                    .isEqualTo(StoreProcess.encode(name + "/" + name));
        }

        assertThat(directory.resolve(name).resolve(name)).hasContent(name + "/" + name);
    }
}
