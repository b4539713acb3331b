package io.ferrymesh.keyfile;

import io.ferrymesh.keyfile.KeyFileException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the passphrase of a key file comes from. The caller wipes what it gets. */
public final class Passphrases {

    /** Shortest passphrase, in characters. */
    public static final int MIN_LENGTH = 12;

    /** Longest passphrase, in characters. */
    public static final int MAX_LENGTH = 512;

    private static final Logger LOG = LoggerFactory.getLogger(Passphrases.class);

    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private Passphrases() {}

    /** The file's content without one trailing newline. Warns when others than the owner may read it. */
    public static char[] fromFile(Path file) throws KeyFileException {
        byte[] bytes;
        try {
            if (Files.size(file) > 2 * MAX_LENGTH) {
                throw new KeyFileException(
                        Reason.BAD_PASSPHRASE, "a passphrase has at most " + MAX_LENGTH + " characters: " + file);
            }
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new KeyFileException(Reason.IO, "cannot read the passphrase file " + file, e);
        }
        warnIfOthersMayRead(file, "passphrase file");
        CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
        Arrays.fill(bytes, (byte) 0);
        char[] passphrase = Arrays.copyOf(decoded.array(), lengthWithoutNewline(decoded));
        Arrays.fill(decoded.array(), '\0');
        return check(passphrase);
    }

    /** The value of an environment variable. Other processes of the same user may see it: prefer a file. */
    public static char[] fromEnvironment(Map<String, String> environment, String name) throws KeyFileException {
        String value = environment.get(name);
        if (value == null) {
            throw new KeyFileException(
                    Reason.BAD_PASSPHRASE,
                    "the environment variable " + name + " is not set; it must hold the passphrase");
        }
        return check(value.toCharArray());
    }

    /** Refuses a passphrase no key file may have; wipes it then. */
    static char[] check(char[] passphrase) throws KeyFileException {
        String wrong = null;
        if (passphrase.length < MIN_LENGTH || passphrase.length > MAX_LENGTH) {
            wrong = "a passphrase has " + MIN_LENGTH + " to " + MAX_LENGTH + " characters, not " + passphrase.length;
        }
        for (char c : passphrase) {
            if (c < ' ' || c > '~') {
                wrong = "a passphrase has only printable ASCII characters, so that every tool reads it alike";
            }
        }
        if (wrong != null) {
            Arrays.fill(passphrase, '\0');
            throw new KeyFileException(Reason.BAD_PASSPHRASE, wrong);
        }
        return passphrase;
    }

    /** Logs a warning when the file's mode lets its group or everybody read or write it. */
    static void warnIfOthersMayRead(Path file, String what) {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        try {
            Set<PosixFilePermission> others = EnumSet.copyOf(OTHERS);
            others.retainAll(view.readAttributes().permissions());
            if (!others.isEmpty()) {
                LOG.warn("the {} {} is open to others ({}); its mode should be 0600", what, file, others);
            }
        } catch (IOException e) {
            LOG.warn("cannot tell who may read the {} {}", what, file, e);
        }
    }

    private static int lengthWithoutNewline(CharBuffer text) {
        int length = text.limit();
        if (length > 0 && text.get(length - 1) == '\n') {
            length--;
            if (length > 0 && text.get(length - 1) == '\r') {
                length--;
            }
        }
        return length;
    }
}
