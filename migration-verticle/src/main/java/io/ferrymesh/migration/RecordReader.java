package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the records of one opened frame, strictly: a record that is cut short, of unknown type or over its bounds fails
 * with INVALID_MESSAGE. The peer is authenticated but not trusted.
 */
final class RecordReader {

    private final byte[] frame;
    private final ByteBuffer in;

    RecordReader(byte[] frame, int offset, int length) {
        this.frame = frame;
        this.in = ByteBuffer.wrap(frame, offset, length);
    }

    boolean hasNext() {
        return in.hasRemaining();
    }

    /** How many bytes are left. */
    int remaining() {
        return in.remaining();
    }

    RecordType type() {
        return RecordType.of(in.get());
    }

    int u8() {
        return checked(1).get() & 0xff;
    }

    int u16() {
        return checked(2).getShort() & 0xffff;
    }

    /** An unsigned 32-bit number that must fit an int. */
    int u31() {
        return (int) bounded(checked(4).getInt() & 0xffffffffL, Integer.MAX_VALUE);
    }

    /** An unsigned 64-bit number that must fit a long. */
    long u63() {
        long value = checked(8).getLong();
        if (value < 0) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "a number is out of range");
        }
        return value;
    }

    long i64() {
        return checked(8).getLong();
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[(int) bounded(length, in.remaining())];
        in.get(bytes);
        return bytes;
    }

    /** Text of at most {@code max} bytes behind a 16-bit length. */
    String text(int max) {
        return new String(bytes((int) bounded(u16(), max)), StandardCharsets.UTF_8);
    }

    /** Passes over {@code length} bytes and returns where they start in the frame's array. */
    int skip(int length) {
        int start = in.position();
        in.position(start + (int) bounded(length, in.remaining()));
        return start;
    }

    byte[] array() {
        return frame;
    }

    private ByteBuffer checked(int length) {
        if (in.remaining() < length) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "a record is cut short", new BufferUnderflowException());
        }
        return in;
    }

    private static long bounded(long value, long max) {
        if (value > max) {
            throw new MeshException(
                    ErrorCode.INVALID_MESSAGE, "a length of " + value + " where at most " + max + " fits");
        }
        return value;
    }
}
