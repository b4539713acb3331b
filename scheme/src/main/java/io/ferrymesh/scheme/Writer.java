package io.ferrymesh.scheme;

import java.io.ByteArrayOutputStream;

/** Writes the big-endian encodings that {@link Reader} reads. */
final class Writer {

    private final ByteArrayOutputStream out;

    Writer(int expectedLength) {
        out = new ByteArrayOutputStream(expectedLength);
    }

    void u8(int value) {
        number(value, 1);
    }

    void u16(int value) {
        number(value, 2);
    }

    void u32(long value) {
        number(value, 4);
    }

    void u64(long value) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            out.write((int) (value >>> shift));
        }
    }

    void bytes(byte[] value) {
        out.writeBytes(value);
    }

    byte[] toByteArray() {
        return out.toByteArray();
    }

    private void number(long value, int length) {
        if (value < 0 || value >>> (8 * length) != 0) {
            throw new IllegalArgumentException(value + " does not fit " + length + " bytes");
        }
        for (int shift = 8 * (length - 1); shift >= 0; shift -= 8) {
            out.write((int) (value >>> shift));
        }
    }
}
