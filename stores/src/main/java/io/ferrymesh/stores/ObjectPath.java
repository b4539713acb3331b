package io.ferrymesh.stores;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An object's path: UTF-8, parts separated by {@code /}, ordered by its bytes. No part is empty, {@code .} or {@code ..},
 * holds a NUL or is longer than 255 bytes, so a path can never leave the root it is resolved against. A trailing
 * {@code /} names an empty directory.
 */
public final class ObjectPath implements Comparable<ObjectPath> {

    /** Longest path in bytes. */
    public static final int MAX_BYTES = 4_000;

    /** Longest part in bytes, as in every common file system. */
    public static final int MAX_PART_BYTES = 255;

    private final String value;
    private final byte[] utf8;

    private ObjectPath(String value, byte[] utf8) {
        this.value = value;
        this.utf8 = utf8;
    }

    /**
     * A path from text.
     *
     * @throws IllegalArgumentException naming what is wrong with it
     */
    public static ObjectPath of(String value) {
        return checked(value, encode(value));
    }

    /**
     * A path from UTF-8 bytes.
     *
     * @throws IllegalArgumentException naming what is wrong with it, malformed UTF-8 included
     */
    public static ObjectPath ofUtf8(byte[] utf8) {
        try {
            String value = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
            return checked(value, utf8.clone());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a path must be UTF-8", e);
        }
    }

    /** A copy of its UTF-8 bytes. */
    public byte[] utf8() {
        return utf8.clone();
    }

    /** Its length in UTF-8 bytes. */
    public int length() {
        return utf8.length;
    }

    /** Whether it names an empty directory. */
    public boolean isDirectory() {
        return utf8[utf8.length - 1] == '/';
    }

    @Override
    public int compareTo(ObjectPath other) {
        return Arrays.compareUnsigned(utf8, other.utf8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ObjectPath path && Arrays.equals(utf8, path.utf8);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(utf8);
    }

    @Override
    public String toString() {
        return value;
    }

    private static byte[] encode(String value) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8
                    .newEncoder()
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(value));
            byte[] utf8 = new byte[bytes.remaining()];
            bytes.get(utf8);
            return utf8;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a path must be valid Unicode", e);
        }
    }

    private static ObjectPath checked(String value, byte[] utf8) {
        if (utf8.length == 0 || utf8.length > MAX_BYTES) {
            throw new IllegalArgumentException("a path has 1 to " + MAX_BYTES + " bytes, not " + utf8.length);
        }
        int start = 0;
        for (int i = 0; i <= utf8.length; i++) {
            if (i == utf8.length || utf8[i] == '/') {
                checkPart(utf8, start, i);
                start = i + 1;
            } else if (utf8[i] == 0) {
                throw new IllegalArgumentException("a path holds no NUL");
            }
        }
        return new ObjectPath(value, utf8);
    }

    private static void checkPart(byte[] utf8, int start, int end) {
        int length = end - start;
        boolean afterTrailingSlash = length == 0 && end == utf8.length && end > 1;
        if (afterTrailingSlash) {
            return;
        }
        if (length == 0) {
            throw new IllegalArgumentException("a path has no empty part and no leading slash");
        }
        if (length > MAX_PART_BYTES) {
            throw new IllegalArgumentException(
                    "a part of a path has at most " + MAX_PART_BYTES + " bytes, not " + length);
        }
        boolean dot = utf8[start] == '.' && length == 1;
        boolean dotDot = length == 2 && utf8[start] == '.' && utf8[start + 1] == '.';
        if (dot || dotDot) {
            throw new IllegalArgumentException("a path has no part . or ..");
        }
    }
}
