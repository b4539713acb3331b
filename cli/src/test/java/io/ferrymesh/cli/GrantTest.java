package io.ferrymesh.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrantTest {

    private static final String PSK = "00".repeat(32);

    @TempDir
    private Path directory;

    @Test
    void a_grant_comes_back_from_its_file_which_only_its_owner_can_read() throws IOException {
        Grant grant = Grant.draw();
        Path file = directory.resolve("grant");
        grant.save(file);
        assertThat(Grant.load(file)).isEqualTo(grant);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void a_file_that_is_there_is_never_overwritten() throws IOException {
        Path file = Files.writeString(directory.resolve("grant"), "something else");
        Grant grant = Grant.draw();
        assertThatThrownBy(() -> grant.save(file)).isInstanceOf(IOException.class);
        assertThat(file).hasContent("something else");
    }

    @Test
    void a_grant_prints_without_its_key() {
        Grant grant = Grant.draw();
        assertThat(grant.toString()).contains(grant.id()).doesNotContain(grant.psk());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"migrationId\":\"00\",\"psk\":\"" + "00" + "\"}",
                "{\"migrationId\":null,\"psk\":null}",
                "{\"migrationId\":1,\"psk\":2}",
                "{\"migrationId\":\"00000000000000000000000000000000\"}",
                "\u00e9"
            })
    void what_is_not_a_grant_is_refused_without_saying_what_it_holds(String content) throws IOException {
        Path file = Files.writeString(directory.resolve("grant"), content);
        assertThatThrownBy(() -> Grant.load(file))
                .isInstanceOf(IOException.class)
                .hasMessage("this is not a grant as the grant command writes it: " + file)
                .hasNoCause();
    }

    @Test
    void a_field_too_many_is_refused() throws IOException {
        String json = "{\"migrationId\":\"%s\",\"psk\":\"%s\",\"prefix\":\"\"}".formatted("0".repeat(32), PSK);
        Path file = Files.writeString(directory.resolve("grant"), json);
        assertThatThrownBy(() -> Grant.load(file)).isInstanceOf(IOException.class);
    }
}
