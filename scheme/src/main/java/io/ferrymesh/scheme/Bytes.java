package io.ferrymesh.scheme;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/** Small helpers on byte arrays. */
final class Bytes {

    static final byte[] EMPTY = {};

    private Bytes() {}

    static byte[] checked(byte[] value, int length, String name) {
        if (value.length != length) {
            throw new IllegalArgumentException(name + " has " + length + " bytes, not " + value.length);
        }
        return value.clone();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] concat(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length = Math.addExact(length, part.length);
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    static byte[] u32(int value) {
        return new byte[] {(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value};
    }

    static void putU64(byte[] target, int at, long value) {
        for (int i = 0; i < 8; i++) {
            target[at + i] = (byte) (value >>> (56 - 8 * i));
        }
    }

    static long getU64(byte[] source, int at) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = (value << 8) | (source[at + i] & 0xff);
        }
        return value;
    }

    static byte[] random(SecureRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    static byte[] hex(String hex, int length, String name) {
        if (hex.length() != 2 * length) {
            throw new MalformedException(name + " has " + 2 * length + " hex digits, not " + hex.length());
        }
        try {
            return HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException e) {
            throw new MalformedException(name + " is not hex");
        }
    }

    static void wipe(byte[]... secrets) {
        for (byte[] secret : secrets) {
            Arrays.fill(secret, (byte) 0);
        }
    }
}
