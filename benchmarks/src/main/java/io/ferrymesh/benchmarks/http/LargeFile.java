package io.ferrymesh.benchmarks.http;

import io.ferrymesh.benchmarks.transfer.DataSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.zip.CRC32C;

/**
 * A file, and what tells whether something is a copy of it.
 *
 * @param sha256 in base64
 * @param crc32c for a client that compares what it gets while it is timed: SHA-256 would take longer than getting it
 */
record LargeFile(Path path, long bytes, String sha256, long crc32c) {

    private static final int BUFFER = 1 << 20;

    /** Makes one, unless an earlier run did, and reads it. */
    static LargeFile create(Path parent, long bytes) throws IOException {
        DataSet set = new DataSet("http-" + bytes, 1, bytes);
        set.create(parent);
        return of(set.in(parent).resolve("d0000").resolve("f000000"));
    }

    /** Reads it. */
    static LargeFile of(Path path) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        CRC32C crc = new CRC32C();
        try (FileChannel in = FileChannel.open(path)) {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            while (in.read(buffer.clear()) >= 0) {
                crc.update(buffer.flip());
                sha256.update(buffer.flip());
            }
            return new LargeFile(path, in.size(), Base64.getEncoder().encodeToString(sha256.digest()), crc.getValue());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Reads it, so that nobody has to wait for the disk. */
    void warm() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        try (FileChannel in = FileChannel.open(path)) {
            int got = 0;
            while (got >= 0) {
                got = in.read(buffer.clear());
            }
        }
    }

    /** As a digest of RFC 9530. */
    String digestHeader() {
        return "sha-256=:" + sha256 + ":";
    }
}
