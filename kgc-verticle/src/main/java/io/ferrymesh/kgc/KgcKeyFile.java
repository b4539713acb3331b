package io.ferrymesh.kgc;

import io.ferrymesh.kgc.KeyFileException.Reason;
import io.ferrymesh.scheme.HpkeKeyPair;
import io.ferrymesh.scheme.MasterKey;
import io.ferrymesh.scheme.SchemeException;
import io.ferrymesh.scheme.TraceKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** The file the key centre's secrets live in: PKCS#12, encrypted under a passphrase, readable by its owner alone. */
public final class KgcKeyFile {

    private static final String MASTER = "ferrymesh-kgc-1-master";
    private static final String TRACE = "ferrymesh-kgc-1-trace";
    private static final String HPKE = "ferrymesh-kgc-1-hpke";
    private static final long MAX_BYTES = 64 << 10;

    private KgcKeyFile() {}

    /**
     * Writes fresh secrets to a file that does not exist yet: complete and durable under its name, or not at all. Wipes the
     * passphrase.
     */
    public static KgcKeys create(Path file, char[] passphrase, SecureRandom random) throws KeyFileException {
        return create(file, passphrase, Pkcs12Secrets.ITERATIONS, random);
    }

    static KgcKeys create(Path file, char[] passphrase, int iterations, SecureRandom random) throws KeyFileException {
        try {
            char[] checked = Passphrases.check(passphrase);
            if (Files.exists(file)) {
                throw exists(file);
            }
            KgcKeys keys = KgcKeys.generate(random);
            write(file, sealed(keys, checked, iterations, random));
            return keys;
        } finally {
            Arrays.fill(passphrase, '\0');
        }
    }

    /** Reads the secrets. Wipes the passphrase. */
    public static KgcKeys load(Path file, char[] passphrase) throws KeyFileException {
        try {
            char[] checked = Passphrases.check(passphrase);
            byte[] sealed = read(file);
            Passphrases.warnIfOthersMayRead(file, "key file");
            return keys(Pkcs12Secrets.open(sealed, Set.of(MASTER, TRACE, HPKE), checked, "key file " + file), file);
        } finally {
            Arrays.fill(passphrase, '\0');
        }
    }

    private static KgcKeys keys(Map<String, byte[]> secrets, Path file) throws KeyFileException {
        try {
            return new KgcKeys(
                    MasterKey.of(secrets.getOrDefault(MASTER, new byte[0])),
                    TraceKey.of(secrets.getOrDefault(TRACE, new byte[0])),
                    HpkeKeyPair.of(secrets.getOrDefault(HPKE, new byte[0])));
        } catch (SchemeException | IllegalArgumentException e) {
            throw new KeyFileException(Reason.NOT_A_KEY_FILE, "key file " + file + " holds no usable keys", e);
        } finally {
            wipe(secrets);
        }
    }

    private static byte[] sealed(KgcKeys keys, char[] passphrase, int iterations, SecureRandom random)
            throws KeyFileException {
        Map<String, byte[]> secrets = Map.of(
                MASTER, keys.master().copy(),
                TRACE, keys.trace().copy(),
                HPKE, keys.hpke().copy());
        try {
            return Pkcs12Secrets.seal(secrets, passphrase, iterations, random);
        } catch (GeneralSecurityException | IOException e) {
            throw new KeyFileException(Reason.IO, "the keys cannot be encrypted", e);
        } finally {
            wipe(secrets);
        }
    }

    private static byte[] read(Path file) throws KeyFileException {
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

    /** A link, unlike a rename, fails when the name is taken, so two who create at once cannot overwrite each other. */
    private static void write(Path file, byte[] sealed) throws KeyFileException {
        Path directory = parent(file);
        try {
            Path temporary = Files.createTempFile(directory, ".ferrymesh-key", ".tmp", ownerOnly(directory));
            try {
                writeDurably(temporary, sealed);
                Files.createLink(file, temporary);
            } finally {
                Files.deleteIfExists(temporary);
            }
            syncDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            throw exists(file);
        } catch (IOException | UnsupportedOperationException e) {
            throw new KeyFileException(Reason.IO, "cannot write the key file " + file, e);
        }
    }

    private static Path parent(Path file) throws KeyFileException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new KeyFileException(Reason.IO, file + " is no file");
        }
        return directory;
    }

    private static FileAttribute<?>[] ownerOnly(Path directory) {
        boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static void writeDurably(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static KeyFileException exists(Path file) {
        return new KeyFileException(Reason.EXISTS, "there is a file " + file + " already; it is not overwritten");
    }

    private static void wipe(Map<String, byte[]> secrets) {
        secrets.values().forEach(secret -> Arrays.fill(secret, (byte) 0));
    }
}
