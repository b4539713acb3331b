package io.ferrymesh.stores.webdav;

import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * An object's bytes until all are there: WebDAV takes a file from its first byte to its last, and again from the first when
 * that failed. In memory for a small object, in a private file for others. Different threads may write different ranges.
 */
final class Spool implements Dav.Body, AutoCloseable {

    private static final int IN_MEMORY_BYTES = 64 << 10;

    private final byte[] memory;
    private final @Nullable Path file;
    private final @Nullable FileChannel channel;

    private Spool(byte[] memory, @Nullable Path file, @Nullable FileChannel channel) {
        this.memory = memory;
        this.file = file;
        this.channel = channel;
    }

    static Spool of(Object object, Path directory, long size) throws StoreException {
        if (size <= IN_MEMORY_BYTES) {
            return new Spool(new byte[(int) size], null, null);
        }
        try {
            Path file = Files.createTempFile(directory, "ferrymesh-upload", null);
            return new Spool(new byte[0], file, FileChannel.open(file, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw failed(object, e);
        }
    }

    void write(Object object, long position, byte[] from, int offset, int length) throws StoreException {
        if (channel == null) {
            System.arraycopy(from, offset, memory, (int) position, length);
            return;
        }
        var bytes = ByteBuffer.wrap(from, offset, length);
        try {
            while (bytes.hasRemaining()) {
                int written = channel.write(bytes, position + bytes.position() - offset);
                if (written <= 0) {
                    throw new IOException("No space left on device");
                }
            }
        } catch (IOException e) {
            throw failed(object, e);
        }
    }

    @Override
    public BodyPublisher open() throws StoreException {
        try {
            return file == null ? BodyPublishers.ofByteArray(memory) : BodyPublishers.ofFile(file);
        } catch (IOException e) {
            throw failed("an upload", e);
        }
    }

    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // the system clears its directory of temporary files
        }
    }

    private static StoreException failed(Object object, IOException cause) {
        boolean full = String.valueOf(cause.getMessage()).contains("No space left on device");
        return new StoreException(
                full ? StoreError.FULL : StoreError.IO_ERROR, object + ": cannot be kept until it is uploaded", cause);
    }
}
