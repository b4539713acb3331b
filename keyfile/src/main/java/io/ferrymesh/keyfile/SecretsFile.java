package io.ferrymesh.keyfile;

import io.ferrymesh.keyfile.KeyFileException.Reason;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;

/**
 * A file of named 32-byte secrets: PKCS#12, encrypted under a passphrase, readable by its owner alone. It is written complete
 * and durable under its name or not at all, and is never half of the old and half of the new. Holds the passphrase until it is
 * closed. Any thread; who writes at the same time as another process is the caller's to see to.
 */
public final class SecretsFile implements AutoCloseable {

    /** Iterations for real files: what OWASP asked of PBKDF2 with HMAC-SHA-256 in 2023. */
    public static final int ITERATIONS = 600_000;

    private static final long MAX_BYTES = 1 << 20;

    /**
     * Which secrets a file may hold.
     *
     * @param prefix how every name begins, in lower case: a file with others is not opened at all
     * @param maxSecrets most there may be
     */
    public record Format(String prefix, int maxSecrets) {}

    private final Path file;
    private final char[] passphrase;
    private final Format format;
    private final int iterations;
    private final SecureRandom random;

    private SecretsFile(Path file, char[] passphrase, Format format, int iterations, SecureRandom random) {
        this.file = file;
        this.passphrase = passphrase.clone();
        this.format = format;
        this.iterations = iterations;
        this.random = random;
    }

    /**
     * The file of this name, which need not be there yet. Copies the passphrase, and fails with BAD_PASSPHRASE if no key file may
     * have it.
     *
     * @param iterations {@link #ITERATIONS} but for tests; a file that is there tells its own
     */
    public static SecretsFile at(Path file, char[] passphrase, Format format, int iterations, SecureRandom random)
            throws KeyFileException {
        return new SecretsFile(file, Passphrases.check(passphrase), format, iterations, random);
    }

    /** Writes a file that does not exist yet; EXISTS if it does. The secrets stay the caller's to wipe. */
    public void create(Map<String, byte[]> secrets) throws KeyFileException {
        if (Files.exists(file)) {
            throw exists();
        }
        try {
            DurableFiles.create(file, sealed(secrets));
        } catch (FileAlreadyExistsException e) {
            throw exists();
        } catch (IOException | UnsupportedOperationException e) {
            throw new KeyFileException(Reason.IO, "cannot write the key file " + file, e);
        }
    }

    /** What it holds, the caller's to wipe; whether it is all that should be there is the caller's to see. */
    public Map<String, byte[]> read() throws KeyFileException {
        return Pkcs12Secrets.open(bytes(), passphrase, format, "key file " + file);
    }

    /** Logs a warning when the file's mode lets its group or everybody read or write it. */
    public void warnIfOthersMayRead() {
        Passphrases.warnIfOthersMayRead(file, "key file");
    }

    /** Puts these in the place of what it holds: the new content or the old, whenever one looks. */
    public void replace(Map<String, byte[]> secrets) throws KeyFileException {
        try {
            DurableFiles.replace(file, sealed(secrets));
        } catch (IOException | UnsupportedOperationException e) {
            throw new KeyFileException(Reason.IO, "cannot replace the key file " + file, e);
        }
    }

    /**
     * Puts the same secrets under another passphrase: the file opens with the old one or the new, whenever one looks. Copies the
     * new one, and fails with BAD_PASSPHRASE if no key file may have it. This goes on with the old one, which opens nothing any
     * more.
     */
    public void changePassphrase(char[] newPassphrase) throws KeyFileException {
        try (SecretsFile under = at(file, newPassphrase, format, iterations, random)) {
            Map<String, byte[]> secrets = read();
            try {
                under.replace(secrets);
            } finally {
                secrets.values().forEach(secret -> Arrays.fill(secret, (byte) 0));
            }
        }
    }

    private byte[] sealed(Map<String, byte[]> secrets) throws KeyFileException {
        try {
            return Pkcs12Secrets.seal(secrets, passphrase, iterations, random);
        } catch (GeneralSecurityException | IOException e) {
            throw new KeyFileException(Reason.IO, "the keys cannot be encrypted", e);
        }
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

    private KeyFileException exists() {
        return new KeyFileException(Reason.EXISTS, "there is a file " + file + " already; it is not overwritten");
    }

    /** Wipes the passphrase. */
    @Override
    public void close() {
        Arrays.fill(passphrase, '\0');
    }

    @Override
    public String toString() {
        return "key file " + file;
    }
}
