package io.ferrymesh.scheme;

import java.util.Arrays;

/**
 * Reads big-endian encodings strictly: too short, out of bounds and trailing bytes are {@link MalformedException}. Nothing
 * is allocated before its length was checked against what is left.
 */
final class Reader {

    private final byte[] source;
    private final String what;
    private int at;

    Reader(byte[] source, String what) {
        this.source = source;
        this.what = what;
    }

    int u8() {
        require(1);
        return source[at++] & 0xff;
    }

    int u16() {
        return (u8() << 8) | u8();
    }

    long u32() {
        return ((long) u16() << 16) | u16();
    }

    long u64() {
        require(8);
        at += 8;
        return Bytes.getU64(source, at - 8);
    }

    /** A count or size that never exceeds 2^63. */
    long positive() {
        long value = u64();
        if (value < 0) {
            throw malformed("a number is too large");
        }
        return value;
    }

    /** A number within bounds, both included. */
    int within(int value, int least, int most, String name) {
        if (value < least || value > most) {
            throw malformed(name + " is not in " + least + ".." + most + ": " + value);
        }
        return value;
    }

    byte[] bytes(int length) {
        require(length);
        at += length;
        return Arrays.copyOfRange(source, at - length, at);
    }

    void version(int expected) {
        int version = u8();
        if (version != expected) {
            throw malformed("unknown version " + version);
        }
    }

    void magic(byte[] expected) {
        if (!Arrays.equals(bytes(expected.length), expected)) {
            throw malformed("it begins with something else");
        }
    }

    Validity validity() {
        long notBefore = u32();
        long notAfter = u32();
        if (notAfter < notBefore) {
            throw malformed("it ends before it begins");
        }
        return new Validity(notBefore, notAfter);
    }

    int remaining() {
        return source.length - at;
    }

    void end() {
        if (at != source.length) {
            throw malformed("trailing bytes");
        }
    }

    MalformedException malformed(String why) {
        return new MalformedException(what + ": " + why);
    }

    private void require(int length) {
        if (length < 0 || length > remaining()) {
            throw malformed("too short");
        }
    }
}
