package io.ferrymesh.kgc.keys;

import io.ferrymesh.kgc.keys.KeyFileException.Reason;
import io.ferrymesh.scheme.TraceKey;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The file the key centre's secrets live in: PKCS#12, encrypted under a passphrase, readable by its owner alone. */
public final class KgcKeyFile implements KgcKeyring.Keeper {

    private static final long MAX_BYTES = 1 << 20;

    private final Path file;
    private final char[] passphrase;
    private final int iterations;
    private final SecureRandom random;

    private KgcKeyFile(Path file, char[] passphrase, int iterations, SecureRandom random) {
        this.file = file;
        this.passphrase = passphrase.clone();
        this.iterations = iterations;
        this.random = random;
    }

    /**
     * Writes fresh secrets to a file that does not exist yet: complete and durable under its name, or not at all. Wipes the
     * passphrase; the keyring keeps a copy of its own, to write later epochs with, until it is closed.
     */
    public static KgcKeyring create(Path file, char[] passphrase, SecureRandom random) throws KeyFileException {
        return create(file, passphrase, Pkcs12Secrets.ITERATIONS, random);
    }

    static KgcKeyring create(Path file, char[] passphrase, int iterations, SecureRandom random)
            throws KeyFileException {
        try {
            char[] checked = Passphrases.check(passphrase);
            if (Files.exists(file)) {
                throw exists(file);
            }
            KgcKeyFile keeper = new KgcKeyFile(file, checked, iterations, random);
            KgcKeyring keyring =
                    new KgcKeyring(TraceKey.generate(random), List.of(EpochKeys.generate(1, random)), keeper);
            keeper.createFrom(keyring);
            return keyring;
        } finally {
            Arrays.fill(passphrase, '\0');
        }
    }

    /** Reads the secrets. Wipes the passphrase; the keyring keeps a copy of its own until it is closed. */
    public static KgcKeyring load(Path file, char[] passphrase, SecureRandom random) throws KeyFileException {
        return load(file, passphrase, Pkcs12Secrets.ITERATIONS, random);
    }

    static KgcKeyring load(Path file, char[] passphrase, int iterations, SecureRandom random) throws KeyFileException {
        try {
            char[] checked = Passphrases.check(passphrase);
            KgcKeyFile keeper = new KgcKeyFile(file, checked, iterations, random);
            KeyFileContent content = keeper.read();
            Passphrases.warnIfOthersMayRead(file, "key file");
            return content.keyring(keeper);
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
                throw new KeyFileException(Reason.NOT_A_KEY_FILE, "key file " + file + " is another key centre's now");
            }
            if (there.hasAll(keyring)) {
                return;
            }
        } finally {
            there.close();
        }
        try {
            DurableFiles.replace(file, sealed(keyring));
        } catch (IOException | UnsupportedOperationException e) {
            throw new KeyFileException(Reason.IO, "cannot replace the key file " + file, e);
        }
    }

    private void createFrom(KgcKeyring keyring) throws KeyFileException {
        try {
            DurableFiles.create(file, sealed(keyring));
        } catch (FileAlreadyExistsException e) {
            throw exists(file);
        } catch (IOException | UnsupportedOperationException e) {
            throw new KeyFileException(Reason.IO, "cannot write the key file " + file, e);
        }
    }

    private byte[] sealed(KgcKeyring keyring) throws KeyFileException {
        Map<String, byte[]> secrets = KeyFileContent.secrets(keyring);
        try {
            return Pkcs12Secrets.seal(secrets, passphrase, iterations, random);
        } catch (GeneralSecurityException | IOException e) {
            throw new KeyFileException(Reason.IO, "the keys cannot be encrypted", e);
        } finally {
            KeyFileContent.wipe(secrets);
        }
    }

    private KeyFileContent read() throws KeyFileException {
        return KeyFileContent.of(Pkcs12Secrets.open(bytes(), passphrase, "key file " + file), file);
    }

    private byte[] bytes() throws KeyFileException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new KeyFileException(Reason.NOT_A_KEY_FILE, file + " is too large for a key file");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new KeyFileException(Reason.IO, "there is no key file " + file, e);
        } catch (IOException e) {
            throw new KeyFileException(Reason.IO, "cannot read the key file " + file, e);
        }
    }

    private static KeyFileException exists(Path file) {
        return new KeyFileException(Reason.EXISTS, "there is a file " + file + " already; it is not overwritten");
    }

    @Override
    public void close() {
        Arrays.fill(passphrase, '\0');
    }
}
