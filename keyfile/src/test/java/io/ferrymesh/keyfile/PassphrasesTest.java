package io.ferrymesh.keyfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.keyfile.KeyFileException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassphrasesTest {

    private static final String PASSPHRASE = "correct horse battery staple";

    @TempDir
    private Path directory = Path.of(".");

    @ParameterizedTest
    @ValueSource(strings = {PASSPHRASE, PASSPHRASE + "\n", PASSPHRASE + "\r\n"})
    void a_passphrase_file_may_end_in_one_newline(String content) throws Exception {
        assertThat(Passphrases.fromFile(file(content))).isEqualTo(PASSPHRASE.toCharArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "elevenchars", "pässphräse-of-some-length", "a\tb-of-some-length"})
    void a_weak_or_unusable_passphrase_is_refused_wherever_it_comes_from(String passphrase) throws Exception {
        Path file = file(passphrase);
        assertThatThrownBy(() -> Passphrases.fromFile(file))
                .isInstanceOfSatisfying(
                        KeyFileException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BAD_PASSPHRASE));
        assertThatThrownBy(() -> Passphrases.fromEnvironment(Map.of("X", passphrase), "X"))
                .isInstanceOf(KeyFileException.class);
    }

    @Test
    void a_refusal_wipes_what_it_refuses_and_does_not_repeat_it() {
        char[] weak = "hunter2".toCharArray();
        assertThatThrownBy(() -> Passphrases.check(weak)).hasMessageNotContaining("hunter2");
        assertThat(weak).containsOnly('\0');
    }

    @Test
    void a_file_too_large_for_a_passphrase_is_not_read() throws Exception {
        Path file = file("x".repeat(2 * Passphrases.MAX_LENGTH + 1));
        assertThatThrownBy(() -> Passphrases.fromFile(file)).hasMessageContaining("at most 512 characters");
    }

    @Test
    void a_missing_passphrase_says_where_it_was_looked_for() {
        assertThatThrownBy(() -> Passphrases.fromFile(directory.resolve("none")))
                .hasMessageContaining("none");
        assertThatThrownBy(() -> Passphrases.fromEnvironment(Map.of(), "KGC_PASSPHRASE"))
                .hasMessageContaining("KGC_PASSPHRASE is not set");
    }

    @Test
    void a_passphrase_comes_from_the_environment() throws Exception {
        assertThat(Passphrases.fromEnvironment(Map.of("X", PASSPHRASE), "X")).isEqualTo(PASSPHRASE.toCharArray());
    }

    private Path file(String content) throws IOException {
        Path file = Files.writeString(directory.resolve("passphrase"), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
