package io.ferrymesh.provider.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ferrymesh.keyfile.KeyFileException;
import io.ferrymesh.keyfile.KeyFileException.Reason;
import io.ferrymesh.keyfile.SecretsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProviderKeyFileTest {

    private static final String PASSPHRASE = "correct horse battery staple";

    /** Iterations: quick, where the strength of the derivation is not what is tested. */
    private static final int FEW = 1_000;

    private static final long NOW = 1_790_000_000;

    private final SecureRandom random = new SecureRandom();

    @TempDir
    private Path directory = Path.of(".");

    @Test
    void what_was_created_is_loaded() throws Exception {
        try (ProviderSecrets created = create();
                ProviderSecrets loaded = load()) {
            assertThat(loaded.pepper()).isEqualTo(created.pepper()).hasSize(32);
            assertThat(loaded.id()).isEqualTo(created.id());
            assertThat(loaded.signingKeys(NOW))
                    .isEqualTo(created.signingKeys(NOW))
                    .hasSize(1);
            byte[] sealed = created.sealing("CREDENTIALS").seal(new byte[] {7}, new byte[0]);
            assertThat(loaded.sealing("CREDENTIALS").open(sealed, new byte[0])).containsExactly(7);
        }
    }

    @Test
    void no_two_files_have_a_secret_in_common() throws Exception {
        try (ProviderSecrets one = create()) {
            Files.delete(file());
            try (ProviderSecrets other = create()) {
                assertThat(other.id()).isNotEqualTo(one.id());
                assertThat(other.pepper()).isNotEqualTo(one.pepper());
                assertThat(other.signingKeys(NOW)).doesNotContainAnyElementsOf(one.signingKeys(NOW));
            }
        }
    }

    @Test
    void an_existing_file_is_never_overwritten() throws Exception {
        Files.writeString(file(), "precious");
        refused(Reason.EXISTS, () -> create().close());
        assertThat(Files.readString(file())).isEqualTo("precious");
    }

    @Test
    void a_wrong_passphrase_and_a_changed_file_are_told_apart_and_the_passphrase_is_wiped() throws Exception {
        create().close();
        char[] wrong = "not the passphrase".toCharArray();
        refused(Reason.WRONG_PASSPHRASE, () -> ProviderKeyFile.load(file(), wrong, random)
                .close());
        assertThat(wrong).containsOnly('\0');
        byte[] content = Files.readAllBytes(file());
        content[content.length - 40] ^= 1;
        Files.write(file(), content);
        refused(Reason.ALTERED, () -> load().close());
        refused(Reason.ALTERED, () -> rotate(NOW, NOW));
    }

    @Test
    void any_changed_byte_is_noticed() throws Exception {
        create().close();
        byte[] original = Files.readAllBytes(file());
        for (int at = 0; at < original.length; at += 61) {
            byte[] changed = original.clone();
            changed[at] ^= 0x40;
            Files.write(file(), changed);
            var refusal = catchThrowableOfType(KeyFileException.class, () -> load().close());
            assertThat(refusal).as("byte %d", at).isNotNull();
        }
    }

    @Test
    void a_file_that_lacks_a_secret_or_has_another_is_refused() throws Exception {
        byte[] secret = new byte[32];
        secret[31] = 1;
        String prefix = "ferrymesh-provider-";
        for (List<String> names : List.of(
                List.of("pepper", "data"),
                List.of("pepper", "token-1-0"),
                List.of("data", "token-1-0"),
                List.of("pepper", "data", "token-1-0", "other"),
                List.of("pepper", "data", "token-1-0", "token-1-5"),
                List.of("pepper", "data", "token-0-0"),
                List.of("pepper", "data", "token-1--1"))) {
            write(prefix, names, secret);
            refused(Reason.NOT_A_KEY_FILE, () -> load().close());
        }
        write(prefix, List.of("pepper", "data", "token-1-0"), secret);
        load().close();
        write(prefix, List.of("pepper", "data", "token-1-0"), new byte[32]);
        refused(Reason.NOT_A_KEY_FILE, () -> load().close());
        write("ferrymesh-kgc-", List.of("1-trace"), secret);
        refused(Reason.NOT_A_KEY_FILE, () -> load().close());
    }

    @Test
    void a_signing_key_verifies_what_it_signed() throws Exception {
        try (ProviderSecrets secrets = create()) {
            SigningKey key = secrets.signingKeys(NOW).get(0);
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key.privateKey());
            signature.update(new byte[] {1});
            byte[] signed = signature.sign();
            signature.initVerify(key.publicKey());
            signature.update(new byte[] {1});
            assertThat(signature.verify(signed)).isTrue();
        }
    }

    @Test
    void an_announced_key_verifies_at_once_and_signs_when_its_time_has_come() throws Exception {
        try (ProviderSecrets before = create()) {
            assertThat(rotate(NOW, NOW + 600)).isEqualTo(2);
            try (ProviderSecrets after = load()) {
                assertThat(after.id()).isEqualTo(before.id());
                assertThat(after.pepper()).isEqualTo(before.pepper());
                assertThat(numbers(after, NOW + 599)).containsExactly(2, 1);
                assertThat(numbers(after, NOW + 600)).containsExactly(1, 2);
                assertThat(after.signingKeys(NOW).get(1))
                        .isEqualTo(before.signingKeys(NOW).get(0));
            }
        }
    }

    @Test
    void a_key_that_may_still_be_needed_is_kept_and_goes_at_the_rotation_after() throws Exception {
        create().close();
        assertThat(rotate(NOW, NOW)).isEqualTo(2);
        long soon = NOW + ProviderKeyFile.KEPT_SECONDS - 1;
        assertThat(rotate(soon, soon)).isEqualTo(3);
        try (ProviderSecrets three = load()) {
            assertThat(numbers(three, soon)).containsExactly(1, 2, 3);
        }
        long later = soon + ProviderKeyFile.KEPT_SECONDS;
        assertThat(rotate(later, later)).isEqualTo(4);
        try (ProviderSecrets two = load()) {
            assertThat(numbers(two, later)).containsExactly(3, 4);
        }
    }

    @Test
    void there_are_never_two_announced_keys_nor_more_than_a_file_may_hold() throws Exception {
        create().close();
        assertThat(rotate(NOW, NOW + 600)).isEqualTo(2);
        refused(Reason.EXISTS, () -> rotate(NOW, NOW + 600));
        assertThatThrownBy(() -> rotate(NOW, NOW - 1)).isInstanceOf(IllegalArgumentException.class);
        for (int number = 3; number <= ProviderKeyFile.MAX_SIGNING_KEYS; number++) {
            assertThat(rotate(NOW + 600 + number, NOW + 600 + number)).isEqualTo(number);
        }
        refused(Reason.EXISTS, () -> rotate(NOW + 700, NOW + 700));
        load().close();
    }

    private void write(String prefix, List<String> names, byte[] secret) throws Exception {
        Files.deleteIfExists(file());
        try (SecretsFile other = SecretsFile.at(
                file(), PASSPHRASE.toCharArray(), new SecretsFile.Format(prefix, names.size()), FEW, random)) {
            other.create(names.stream().collect(Collectors.toMap(name -> prefix + name, name -> secret)));
        }
    }

    @Test
    void under_another_passphrase_it_is_the_same_provider() throws Exception {
        try (ProviderSecrets created = create()) {
            char[] chosen = "another horse and staple".toCharArray();
            ProviderKeyFile.changePassphrase(file(), PASSPHRASE.toCharArray(), chosen, FEW, random);
            assertThat(chosen).containsOnly('\0');
            refused(Reason.WRONG_PASSPHRASE, () -> load().close());
            try (ProviderSecrets loaded =
                    ProviderKeyFile.load(file(), "another horse and staple".toCharArray(), random)) {
                assertThat(loaded.id()).isEqualTo(created.id());
                assertThat(loaded.signingKeys(NOW)).isEqualTo(created.signingKeys(NOW));
            }
        }
    }

    @Test
    void who_does_not_know_the_passphrase_does_not_change_it() throws Exception {
        create().close();
        char[] chosen = "another horse and staple".toCharArray();
        refused(
                Reason.WRONG_PASSPHRASE,
                () -> ProviderKeyFile.changePassphrase(
                        file(), "not the passphrase".toCharArray(), chosen, FEW, random));
        assertThat(chosen).containsOnly('\0');
        load().close();
    }

    private ProviderSecrets create() throws KeyFileException {
        return ProviderKeyFile.create(file(), PASSPHRASE.toCharArray(), FEW, random);
    }

    private ProviderSecrets load() throws KeyFileException {
        return ProviderKeyFile.load(file(), PASSPHRASE.toCharArray(), random);
    }

    private int rotate(long now, long activeFrom) throws KeyFileException {
        return ProviderKeyFile.rotate(file(), PASSPHRASE.toCharArray(), now, activeFrom, FEW, random);
    }

    private static Stream<Integer> numbers(ProviderSecrets secrets, long now) {
        return secrets.signingKeys(now).stream().map(SigningKey::number);
    }

    private static void refused(Reason reason, ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOfSatisfying(KeyFileException.class, e -> assertThat(e.reason())
                .isEqualTo(reason));
    }

    private Path file() {
        return directory.resolve("provider.p12");
    }
}
