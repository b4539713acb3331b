package io.ferrymesh.keyfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.keyfile.KeyFileException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsFileTest {

    private static final int FEW = 1_000;
    private static final SecretsFile.Format FORMAT = new SecretsFile.Format("ferrymesh-test-", 3);
    private static final String PASSPHRASE = "correct horse battery staple";

    private final SecureRandom random = new SecureRandom();

    @TempDir
    private Path directory = Path.of(".");

    @Test
    void what_was_written_is_read() throws Exception {
        try (SecretsFile file = open()) {
            byte[] one = secret();
            file.create(Map.of("ferrymesh-test-one", one, "ferrymesh-test-two", secret()));
            assertThat(file.read()).hasSize(2).containsEntry("ferrymesh-test-one", one);
            byte[] other = secret();
            file.replace(Map.of("ferrymesh-test-one", other));
            assertThat(file.read()).hasSize(1).containsEntry("ferrymesh-test-one", other);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
        try (Stream<Path> members = Files.list(directory)) {
            assertThat(members).containsExactly(path());
        }
    }

    @Test
    void under_another_passphrase_the_same_secrets_open_and_under_the_old_one_none() throws Exception {
        byte[] one = secret();
        char[] changed = "another horse and staple".toCharArray();
        try (SecretsFile file = open()) {
            file.create(Map.of("ferrymesh-test-one", one));
            file.changePassphrase(changed);
            refused(Reason.WRONG_PASSPHRASE, file::read);
        }
        try (SecretsFile file = SecretsFile.at(path(), changed, FORMAT, FEW, random)) {
            assertThat(file.read()).hasSize(1).containsEntry("ferrymesh-test-one", one);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
    }

    @Test
    void a_passphrase_that_no_file_may_have_changes_nothing() throws Exception {
        try (SecretsFile file = open()) {
            file.create(Map.of("ferrymesh-test-one", secret()));
            refused(Reason.BAD_PASSPHRASE, () -> file.changePassphrase("short".toCharArray()));
            assertThat(file.read()).hasSize(1);
        }
    }

    @Test
    void of_many_who_create_it_at_once_one_does_and_the_others_are_told() throws Exception {
        List<CompletableFuture<byte[]>> all = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.supplyAsync(this::createOne))
                .toList();
        List<byte[]> created = new ArrayList<>();
        for (CompletableFuture<byte[]> each : all) {
            try {
                created.add(each.join());
            } catch (CompletionException e) {
                assertThat(e).hasRootCauseInstanceOf(KeyFileException.class);
                assertThat(e.getCause()).hasMessageContaining("it is not overwritten");
            }
        }
        assertThat(created).hasSize(1);
        try (SecretsFile file = open()) {
            assertThat(file.read()).containsEntry("ferrymesh-test-one", created.get(0));
        }
    }

    @Test
    void a_file_of_other_secrets_or_of_too_many_is_not_opened() throws Exception {
        SecretsFile.Format other = new SecretsFile.Format("ferrymesh-other-", 3);
        SecretsFile.Format small = new SecretsFile.Format("ferrymesh-test-", 1);
        try (SecretsFile file = open()) {
            file.create(Map.of("ferrymesh-test-one", secret(), "ferrymesh-test-two", secret()));
        }
        for (SecretsFile.Format format : List.of(other, small)) {
            try (SecretsFile file = SecretsFile.at(path(), PASSPHRASE.toCharArray(), format, FEW, random)) {
                refused(Reason.NOT_A_KEY_FILE, file::read);
            }
        }
    }

    @Test
    void closed_it_no_longer_has_the_passphrase() throws Exception {
        SecretsFile file = open();
        file.create(Map.of("ferrymesh-test-one", secret()));
        file.close();
        assertThatThrownBy(file::read).isInstanceOf(KeyFileException.class);
        assertThat(file.toString()).doesNotContain(PASSPHRASE);
    }

    @Test
    void what_cannot_be_written_says_so() throws Exception {
        try (SecretsFile file = SecretsFile.at(
                directory.resolve("missing").resolve("keys.p12"), PASSPHRASE.toCharArray(), FORMAT, FEW, random)) {
            refused(Reason.IO, () -> file.create(Map.of("ferrymesh-test-one", secret())));
            refused(Reason.IO, file::read);
            refused(Reason.IO, () -> file.replace(Map.of()));
        }
    }

    private byte[] createOne() {
        byte[] secret = secret();
        try (SecretsFile file = open()) {
            file.create(Map.of("ferrymesh-test-one", secret));
            return secret;
        } catch (KeyFileException e) {
            throw new CompletionException(e);
        }
    }

    private SecretsFile open() throws KeyFileException {
        return SecretsFile.at(path(), PASSPHRASE.toCharArray(), FORMAT, FEW, random);
    }

    private Path path() {
        return directory.resolve("keys.p12");
    }

    private byte[] secret() {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        return secret;
    }

    private static void refused(Reason reason, ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOfSatisfying(KeyFileException.class, e -> assertThat(e.reason())
                .isEqualTo(reason));
    }
}
