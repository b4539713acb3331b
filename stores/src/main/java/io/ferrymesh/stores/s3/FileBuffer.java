package io.ferrymesh.stores.s3;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.AsyncRequestBody;

/** In a temporary file that only its owner may read and that goes with the buffer, or with the process. */
final class FileBuffer extends Buffer {

    private static final String PREFIX = "ferrymesh-s3-";
    private static final String SUFFIX = ".part";
    private static final int CHUNK_BYTES = 128 << 10;

    private final FileChannel channel;

    private FileBuffer(int size, FileChannel channel) {
        super(size);
        this.channel = channel;
    }

    /** In this directory, or the system's for temporary files. */
    static FileBuffer create(Optional<Path> spool, int size) throws IOException {
        Path file = spool.isPresent()
                ? Files.createTempFile(spool.get(), PREFIX, SUFFIX)
                : Files.createTempFile(PREFIX, SUFFIX);
        return new FileBuffer(
                size,
                FileChannel.open(
                        file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE));
    }

    @Override
    AsyncRequestBody body() {
        return new Body();
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

    private ByteBuffer chunk(int position) throws IOException {
        var bytes = ByteBuffer.allocate(Math.min(CHUNK_BYTES, size() - position));
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + (long) bytes.position()) < 0) {
                throw new EOFException("the temporary file is too short");
            }
        }
        return bytes.flip();
    }

    /** The file from its beginning, for each subscriber. */
    private final class Body implements AsyncRequestBody {

        @Override
        public Optional<Long> contentLength() {
            return Optional.of((long) size());
        }

        @Override
        public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
            subscriber.onSubscribe(new Reading(subscriber));
        }
    }

    /** Reads on the thread that asks: what was just written is in the system's cache. */
    private final class Reading implements Subscription {

        private final Subscriber<? super ByteBuffer> subscriber;
        private long demand; // this and the rest guarded by this
        private int position;
        private boolean giving;
        private boolean over;

        Reading(Subscriber<? super ByteBuffer> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long count) {
            synchronized (this) {
                demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
                if (giving) {
                    return;
                }
                giving = true;
            }
            while (giveOne()) {
                // as long as more is asked for
            }
        }

        @Override
        public synchronized void cancel() {
            over = true;
        }

        private boolean giveOne() {
            ByteBuffer next;
            boolean last;
            synchronized (this) {
                if (over || demand == 0) {
                    giving = false;
                    return false;
                }
                demand--;
                try {
                    next = chunk(position);
                } catch (IOException e) {
                    over = true;
                    subscriber.onError(e);
                    return false;
                }
                position += next.remaining();
                last = position == size();
                over = last;
            }
            subscriber.onNext(next);
            if (last) {
                subscriber.onComplete();
            }
            return !last;
        }
    }
}
