package io.ferrymesh.stores.s3;

import java.io.IOException;
import java.util.Base64;
import java.util.zip.CRC32C;
import software.amazon.awssdk.core.async.AsyncRequestBody;

/** Bytes that are gathered in order and then sent, as often as it takes. Filled by one thread at a time. */
abstract class Buffer implements AutoCloseable {

    private final int size;
    private final CRC32C crc = new CRC32C();
    private int filled;

    Buffer(int size) {
        this.size = size;
    }

    final int size() {
        return size;
    }

    final void append(byte[] from, int offset, int length) throws IOException {
        put(filled, from, offset, length);
        added(from, offset, length);
    }

    /** Takes note of bytes that were put behind those before. */
    final void added(byte[] from, int offset, int length) {
        crc.update(from, offset, length);
        filled += length;
    }

    final boolean isFull() {
        return filled == size;
    }

    /** The checksum as S3 wants it: four bytes, big-endian, in Base64. */
    final String crc32c() {
        int value = (int) crc.getValue();
        return Base64.getEncoder()
                .encodeToString(
                        new byte[] {(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value});
    }

    /** All bytes, each time anew. */
    abstract AsyncRequestBody body();

    @Override
    public abstract void close();

    abstract void put(int position, byte[] from, int offset, int length) throws IOException;
}
