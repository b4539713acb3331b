package io.ferrymesh.stores.s3;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import software.amazon.awssdk.core.async.AsyncRequestBody;

/** In a temporary file that only its owner may read and that goes with the buffer, or with the process. */
final class FileBuffer extends Buffer {

    private static final int CHUNK_BYTES = 64 << 10;

    private final Path file;
    private final FileChannel channel;

    private FileBuffer(int size, Path file, FileChannel channel) {
        super(size);
        this.file = file;
        this.channel = channel;
    }

    static FileBuffer create(int size) throws IOException {
        Path file = Files.createTempFile("ferrymesh-s3-", ".part");
        return new FileBuffer(
                size, file, FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE));
    }

    @Override
    AsyncRequestBody body() {
        return AsyncRequestBody.fromFile(config ->
                config.path(file).position(0L).numBytesToRead((long) size()).chunkSizeInBytes(CHUNK_BYTES));
    }

    @Override
    void put(int position, byte[] from, int offset, int length) throws IOException {
        var bytes = ByteBuffer.wrap(from, offset, length);
        while (bytes.hasRemaining()) {
            int written = channel.write(bytes, position + bytes.position() - (long) offset);
            if (written <= 0) {
                throw new IOException("the temporary file takes no more");
            }
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // it goes with the process
        }
    }
}
