package io.ferrymesh.kgc.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ferrymesh.keyfile.KeyFileException;
import io.ferrymesh.keyfile.KeyFileException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KgcKeyFileTest {

    private static final String PASSPHRASE = "correct horse battery staple";

    /** Iterations: quick, where the strength of the derivation is not what is tested. */
    private static final int FEW = 1_000;

    private final SecureRandom random = new SecureRandom();

    @TempDir
    private Path directory = Path.of(".");

    @Test
    void what_was_created_is_loaded() throws Exception {
        KgcKeyring created = KgcKeyFile.create(file(), passphrase(), FEW, random);
        KgcKeyring loaded = load();
        assertThat(secrets(loaded)).isEqualTo(secrets(created));
        assertThat(loaded.trace().copy()).isEqualTo(created.trace().copy());
        assertThat(loaded.centre()).isEqualTo(created.centre());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(members()).containsExactly("kgc.p12");
    }

    @Test
    void a_real_file_is_slow_to_guess() throws Exception {
        KgcKeyFile.create(file(), passphrase(), random).close();
        String iterations = HexFormat.of().formatHex(BigInteger.valueOf(600_000).toByteArray());
        String content = HexFormat.of().formatHex(Files.readAllBytes(file()));
        assertThat(content.split("0203" + iterations, -1))
                .as("three keys and the MAC")
                .hasSize(5);
    }

    @Test
    void an_existing_file_is_never_overwritten() throws Exception {
        Files.writeString(file(), "precious");
        refused(Reason.EXISTS, () -> KgcKeyFile.create(file(), passphrase(), FEW, random)
                .close());
        assertThat(Files.readString(file())).isEqualTo("precious");
        assertThat(members()).containsExactly("kgc.p12");
    }

    @Test
    void the_passphrase_is_wiped_either_way() throws Exception {
        char[] first = passphrase();
        KgcKeyFile.create(file(), first, FEW, random).close();
        assertThat(first).containsOnly('\0');
        char[] second = "some other passphrase".toCharArray();
        refused(Reason.WRONG_PASSPHRASE, () -> KgcKeyFile.load(file(), second, FEW, random)
                .close());
        assertThat(second).containsOnly('\0');
    }

    @Test
    void a_changed_file_and_a_wrong_passphrase_are_told_apart() throws Exception {
        KgcKeyFile.create(file(), passphrase(), FEW, random).close();
        byte[] original = Files.readAllBytes(file());
        byte[] changed = original.clone();
        changed[changed.length - 40] ^= 1;
        Files.write(file(), changed);
        refused(Reason.ALTERED, () -> load().close());
        Files.write(file(), original);
        refused(Reason.WRONG_PASSPHRASE, () -> KgcKeyFile.load(file(), "not the passphrase".toCharArray(), FEW, random)
                .close());
    }

    @Test
    void a_new_epoch_is_added_to_the_file() throws Exception {
        try (KgcKeyring keyring = KgcKeyFile.create(file(), passphrase(), FEW, random)) {
            keyring.add(EpochKeys.generate(2, random));
            keyring.save();
            keyring.add(EpochKeys.generate(3, random));
            keyring.save();
            try (KgcKeyring loaded = load()) {
                assertThat(secrets(loaded)).hasSize(3).isEqualTo(secrets(keyring));
            }
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(members()).containsExactly("kgc.p12");
    }

    @Test
    void a_file_that_has_all_epochs_is_not_written_again() throws Exception {
        try (KgcKeyring keyring = KgcKeyFile.create(file(), passphrase(), FEW, random)) {
            byte[] before = Files.readAllBytes(file());
            keyring.save();
            assertThat(Files.readAllBytes(file())).isEqualTo(before);
        }
    }

    @Test
    void a_file_replaced_by_another_is_left_as_it_is() throws Exception {
        try (KgcKeyring keyring = KgcKeyFile.create(file(), passphrase(), FEW, random)) {
            keyring.add(EpochKeys.generate(2, random));
            Files.delete(file());
            KgcKeyFile.create(file(), passphrase(), FEW, random).close();
            byte[] other = Files.readAllBytes(file());
            refused(Reason.NOT_A_KEY_FILE, keyring::save);
            assertThat(Files.readAllBytes(file())).isEqualTo(other);
            Files.delete(file());
            KgcKeyFile.create(file(), "another passphrase".toCharArray(), FEW, random)
                    .close();
            refused(Reason.WRONG_PASSPHRASE, keyring::save);
            Files.delete(file());
            refused(Reason.IO, keyring::save);
        }
    }

    @Test
    void under_another_passphrase_it_is_the_same_centre_and_a_node_with_the_old_one_writes_nothing() throws Exception {
        try (KgcKeyring running = KgcKeyFile.create(file(), passphrase(), FEW, random)) {
            char[] chosen = "another horse and staple".toCharArray();
            KgcKeyFile.changePassphrase(file(), passphrase(), chosen, FEW, random);
            assertThat(chosen).containsOnly('\0');
            refused(Reason.WRONG_PASSPHRASE, () -> load().close());
            try (KgcKeyring loaded = KgcKeyFile.load(file(), "another horse and staple".toCharArray(), FEW, random)) {
                assertThat(loaded.centre()).isEqualTo(running.centre());
                assertThat(secrets(loaded)).isEqualTo(secrets(running));
            }
        }
    }

    @Test
    void any_changed_byte_is_noticed() throws Exception {
        KgcKeyFile.create(file(), passphrase(), FEW, random).close();
        byte[] original = Files.readAllBytes(file());
        for (int at = 0; at < original.length; at += 97) {
            byte[] changed = original.clone();
            changed[at] ^= 0x40;
            Files.write(file(), changed);
            var refusal = catchThrowableOfType(KeyFileException.class, () -> load().close());
            assertThat(refusal).as("byte %d", at).isNotNull();
        }
    }

    @Test
    void something_else_is_not_a_key_file() throws Exception {
        Files.writeString(file(), "this is no key file");
        refused(Reason.NOT_A_KEY_FILE, () -> load().close());
        Files.write(file(), new byte[0]);
        refused(Reason.NOT_A_KEY_FILE, () -> load().close());
        Files.write(file(), new byte[(1 << 20) + 1]);
        refused(Reason.NOT_A_KEY_FILE, () -> load().close());
        Files.delete(file());
        refused(Reason.IO, () -> load().close());
    }

    @Test
    void a_key_store_of_somebody_else_is_not_a_key_file() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setEntry(
                "other",
                new KeyStore.SecretKeyEntry(new SecretKeySpec(new byte[32], "AES")),
                new KeyStore.PasswordProtection(passphrase()));
        var out = new ByteArrayOutputStream();
        store.store(out, passphrase());
        Files.write(file(), out.toByteArray());
        refused(Reason.NOT_A_KEY_FILE, () -> load().close());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "elevenchars", "pässphräse-of-some-length", "a\tb-of-some-length"})
    void a_weak_or_unusable_passphrase_is_refused(String passphrase) {
        refused(Reason.BAD_PASSPHRASE, () -> KgcKeyFile.create(file(), passphrase.toCharArray(), FEW, random)
                .close());
        assertThat(file()).doesNotExist();
    }

    private KgcKeyring load() throws KeyFileException {
        return KgcKeyFile.load(file(), passphrase(), FEW, random);
    }

    private static List<String> secrets(KgcKeyring keyring) {
        return keyring.epochs().stream()
                .map(epoch -> HexFormat.of().formatHex(epoch.master().copy())
                        + HexFormat.of().formatHex(epoch.hpke().copy()))
                .toList();
    }

    private static void refused(Reason reason, ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOfSatisfying(KeyFileException.class, e -> assertThat(e.reason())
                .isEqualTo(reason));
    }

    private Path file() {
        return directory.resolve("kgc.p12");
    }

    private Stream<String> members() throws IOException {
        try (Stream<Path> list = Files.list(directory)) {
            return list.map(path -> String.valueOf(path.getFileName())).toList().stream();
        }
    }

    private static char[] passphrase() {
        return PASSPHRASE.toCharArray();
    }
}
