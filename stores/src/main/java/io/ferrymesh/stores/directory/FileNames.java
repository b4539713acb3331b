package io.ferrymesh.stores.directory;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * File names as the bytes they are on disk, whatever the process's locale. Under {@code LANG=C} the JDK can neither make a
 * {@link Path} from text outside ASCII nor print one faithfully; a {@code file:} URI, however, always carries raw bytes
 * both ways. It is used only where the direct way would lie, because making one costs a system call.
 */
final class FileNames {

    private static final boolean UTF8_NAMES = "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));
    private static final char REPLACEMENT = '\uFFFD';

    /** Nothing can exist below it, so the look-up that {@link Path#toUri} makes ends at once. */
    private static final Path NOWHERE = Path.of("/dev/null");

    private static final String HEX = "0123456789ABCDEF";

    private FileNames() {}

    /** A name of one part, given as text. */
    static Path of(String part) {
        return UTF8_NAMES || isAscii(part) ? Path.of(part) : ofBytes(part.getBytes(StandardCharsets.UTF_8));
    }

    /** A name of one part, given as the bytes on disk; {@code .} and {@code ..} are for the caller to refuse. */
    static Path ofBytes(byte[] name) {
        var uri = new StringBuilder("file:///");
        for (byte b : name) {
            uri.append('%').append(HEX.charAt((b >> 4) & 0xf)).append(HEX.charAt(b & 0xf));
        }
        Path last = Path.of(URI.create(uri.toString())).getFileName();
        if (last == null) {
            throw new IllegalArgumentException("a file name is not empty");
        }
        return last;
    }

    /** The bytes on disk of the last part of {@code path}. */
    static byte[] bytes(Path path) {
        Path name = path.getFileName();
        if (name == null) {
            throw new IllegalArgumentException("a file name is not empty");
        }
        String text = name.toString();
        boolean faithful = isAscii(text) || (UTF8_NAMES && text.indexOf(REPLACEMENT) < 0);
        return faithful ? text.getBytes(StandardCharsets.UTF_8) : rawBytes(name);
    }

    /** The text of a name, or null when its bytes are not UTF-8. */
    static @Nullable String text(byte[] name) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Whether {@code path.toString()} gives the path's true bytes to another program. */
    static boolean isFaithful(Path path) {
        String text = path.toString();
        return isAscii(text) || (UTF8_NAMES && text.indexOf(REPLACEMENT) < 0);
    }

    private static byte[] rawBytes(Path name) {
        String uri = NOWHERE.resolve(name).toUri().getRawPath();
        String escaped = uri.substring(uri.lastIndexOf('/') + 1);
        var bytes = new byte[escaped.length()];
        int length = 0;
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '%') {
                bytes[length++] = (byte) Integer.parseInt(escaped.substring(i + 1, i + 3), 16);
                i += 2;
            } else {
                bytes[length++] = (byte) c;
            }
        }
        return Arrays.copyOf(bytes, length);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
