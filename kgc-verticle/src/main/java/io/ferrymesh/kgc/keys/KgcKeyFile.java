package io.ferrymesh.kgc.keys;

import io.ferrymesh.keyfile.KeyFileException;
import io.ferrymesh.keyfile.KeyFileException.Reason;
import io.ferrymesh.keyfile.SecretsFile;
import io.ferrymesh.scheme.TraceKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The file the key centre's secrets live in: PKCS#12, encrypted under a passphrase, readable by its owner alone. */
public final class KgcKeyFile implements KgcKeyring.Keeper {

    static final SecretsFile.Format FORMAT = new SecretsFile.Format("ferrymesh-kgc-", 1 + 2 * KgcKeyring.MAX_EPOCHS);

    private final Path name;
    private final SecretsFile file;

    private KgcKeyFile(Path name, SecretsFile file) {
        this.name = name;
        this.file = file;
    }

    /**
     * Writes fresh secrets to a file that does not exist yet: complete and durable under its name, or not at all. Wipes the
     * passphrase; the keyring keeps a copy of its own, to write later epochs with, until it is closed.
     */
    public static KgcKeyring create(Path file, char[] passphrase, SecureRandom random) throws KeyFileException {
        return create(file, passphrase, SecretsFile.ITERATIONS, random);
    }

    static KgcKeyring create(Path file, char[] passphrase, int iterations, SecureRandom random)
            throws KeyFileException {
        KgcKeyFile keeper = at(file, passphrase, iterations, random);
        KgcKeyring keyring = new KgcKeyring(TraceKey.generate(random), List.of(EpochKeys.generate(1, random)), keeper);
        try {
            keeper.createFrom(keyring);
            return keyring;
        } catch (KeyFileException e) {
            keyring.close();
            throw e;
        }
    }

    /** Reads the secrets. Wipes the passphrase; the keyring keeps a copy of its own until it is closed. */
    public static KgcKeyring load(Path file, char[] passphrase, SecureRandom random) throws KeyFileException {
        return load(file, passphrase, SecretsFile.ITERATIONS, random);
    }

    static KgcKeyring load(Path file, char[] passphrase, int iterations, SecureRandom random) throws KeyFileException {
        KgcKeyFile keeper = at(file, passphrase, iterations, random);
        try {
            KeyFileContent content = keeper.read();
            keeper.file.warnIfOthersMayRead();
            return content.keyring(keeper);
        } catch (KeyFileException e) {
            keeper.close();
            throw e;
        }
    }

    /**
     * Puts the secrets under another passphrase. Copies of the file keep the one they have; a node that runs goes on with the one
     * it was started with and can keep no new epoch until it is started anew. Wipes both passphrases.
     */
    public static void changePassphrase(Path file, char[] passphrase, char[] newPassphrase, SecureRandom random)
            throws KeyFileException {
        changePassphrase(file, passphrase, newPassphrase, SecretsFile.ITERATIONS, random);
    }

    static void changePassphrase(
            Path file, char[] passphrase, char[] newPassphrase, int iterations, SecureRandom random)
            throws KeyFileException {
        try (KgcKeyFile keeper = at(file, passphrase, iterations, random)) {
            keeper.read().close(); // refuses a file of something else
            keeper.file.changePassphrase(newPassphrase);
        } finally {
            Arrays.fill(newPassphrase, '\0');
        }
    }

    private static KgcKeyFile at(Path file, char[] passphrase, int iterations, SecureRandom random)
            throws KeyFileException {
        try {
            return new KgcKeyFile(file, SecretsFile.at(file, passphrase, FORMAT, iterations, random));
        } finally {
            Arrays.fill(passphrase, '\0');
        }
    }

    /** Adds what the file lacks. A file that is another centre's by now, or has another passphrase, is left as it is. */
    @Override
    public void keep(KgcKeyring keyring) throws KeyFileException {
        KeyFileContent there = read();
        try {
            if (!there.sameCentre(keyring)) {
                throw new KeyFileException(Reason.NOT_A_KEY_FILE, "key file " + name + " is another key centre's now");
            }
            if (there.hasAll(keyring)) {
                return;
            }
        } finally {
            there.close();
        }
        Map<String, byte[]> secrets = KeyFileContent.secrets(keyring);
        try {
            file.replace(secrets);
        } finally {
            KeyFileContent.wipe(secrets);
        }
    }

    private void createFrom(KgcKeyring keyring) throws KeyFileException {
        Map<String, byte[]> secrets = KeyFileContent.secrets(keyring);
        try {
            file.create(secrets);
        } finally {
            KeyFileContent.wipe(secrets);
        }
    }

    private KeyFileContent read() throws KeyFileException {
        return KeyFileContent.of(file.read(), name);
    }

    @Override
    public void close() {
        file.close();
    }
}
