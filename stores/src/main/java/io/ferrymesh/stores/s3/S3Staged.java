package io.ferrymesh.stores.s3;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * An object being written. One of a single part stays in a buffer until it is published. Of a larger one, each part is sent
 * when it is full, while the next fills; with too many on their way, the writer waits. A part never spans two segments.
 */
final class S3Staged implements StagedObject {

    private static final int SEGMENT = 16 << 20;

    /** Parts of one object on their way at once. */
    private static final int PARTS_UNDERWAY = 4;

    private enum State {
        OPEN,
        FAILED,
        PUBLISHING,
        CLOSED
    }

    private final ObjectInfo info;
    private final String key;
    private final String contentType;
    private final Map<String, String> metadata;
    private final String publication;
    private final int partSize;
    private final Bucket bucket;
    private final Buffers buffers;
    private final Consumer<S3Staged> onClose;
    private final Semaphore underway = new Semaphore(PARTS_UNDERWAY);
    private final int[] written; // of each segment; this and the rest guarded by this
    private final Map<Integer, Buffer> filling = new TreeMap<>();
    private final Map<Integer, CompletableFuture<CompletedPart>> sent = new TreeMap<>();
    private final Map<Integer, CompletableFuture<CompletedPart>> requests = new TreeMap<>();
    private long missing;
    private State state = State.OPEN;
    private @Nullable StoreException failure;
    private @Nullable CompletableFuture<String> upload;

    S3Staged(
            ObjectInfo info,
            String key,
            String contentType,
            Map<String, String> metadata,
            String publication,
            int partSize,
            Bucket bucket,
            Buffers buffers,
            Consumer<S3Staged> onClose) {
        this.info = info;
        this.key = key;
        this.contentType = contentType;
        this.metadata = metadata;
        this.publication = publication;
        this.partSize = partSize;
        this.bucket = bucket;
        this.buffers = buffers;
        this.onClose = onClose;
        this.missing = info.size();
        this.written = new int[(int) ((info.size() + SEGMENT - 1) / SEGMENT)];
    }

    @Override
    public ObjectInfo info() {
        return info;
    }

    String key() {
        return key;
    }

    String contentType() {
        return contentType;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    /** The name of this publication, in its metadata. */
    String publication() {
        return publication;
    }

    boolean isSinglePart() {
        return info.size() <= partSize;
    }

    boolean isOf(Bucket other) {
        return bucket == other;
    }

    @Override
    public void write(long position, byte[] from, int offset, int length) throws StoreException {
        if (length == 0) {
            return;
        }
        claim(position, length);
        try {
            int done = 0;
            while (done < length) {
                long at = position + done;
                int number = (int) (at / partSize);
                int count = (int) Math.min(length - done, end(number) - at);
                append(number, from, offset + done, count);
                done += count;
            }
        } catch (IOException e) {
            throw fail(new StoreException(StoreError.IO_ERROR, info.path() + ": " + e.getMessage(), e));
        }
        synchronized (this) {
            missing -= length;
        }
    }

    /** From now on it cannot be written. Refuses an object that is not whole. */
    synchronized void beginPublishing() throws StoreException {
        requireOpen();
        if (missing > 0) {
            throw new StoreException(
                    StoreError.IO_ERROR, info.path() + ": " + missing + " of " + info.size() + " bytes are missing");
        }
        state = State.PUBLISHING;
    }

    /** All of an object of a single part. */
    synchronized Buffer content() throws StoreException {
        Buffer whole = filling.get(0);
        if (whole == null && info.size() == 0) {
            whole = new HeapBuffer(0, () -> {});
            filling.put(0, whole);
        }
        if (whole == null) {
            throw new StoreException(StoreError.IO_ERROR, info.path() + ": was discarded");
        }
        return whole;
    }

    /** The parts of a larger object, all of them stored. */
    synchronized CompletableFuture<List<CompletedPart>> parts() {
        List<CompletableFuture<CompletedPart>> all = new ArrayList<>(sent.values());
        return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
                .thenApply(nothing -> all.stream().map(CompletableFuture::join).toList());
    }

    /** The id of a larger object's upload. */
    synchronized CompletableFuture<String> upload() {
        if (upload == null) {
            upload = bucket.begin(key, info.path(), contentType, metadata);
        }
        return upload;
    }

    /** It is published: nothing is left to discard. */
    synchronized void published() {
        upload = null;
    }

    @Override
    public void close() {
        CompletableFuture<String> toAbort;
        List<CompletableFuture<CompletedPart>> toCancel;
        synchronized (this) {
            if (state == State.CLOSED) {
                return;
            }
            state = State.CLOSED;
            toAbort = upload;
            toCancel = List.copyOf(requests.values());
            filling.values().forEach(Buffer::close);
            filling.clear();
            sent.clear();
        }
        if (toAbort != null) {
            toCancel.forEach(part -> part.cancel(true));
            abort(toAbort);
        }
        onClose.accept(this);
    }

    /** Parts that nobody completes are paid for until they are aborted, so this waits. */
    private void abort(CompletableFuture<String> toAbort) {
        var aborted = toAbort.thenCompose(id -> bucket.abort(key, info.path(), id));
        try {
            var unused = Futures.await(aborted);
        } catch (StoreException e) {
            // what is left is aborted when a store opens later: S3Store
        }
    }

    private void append(int number, byte[] from, int offset, int count) throws IOException, StoreException {
        Buffer buffer;
        synchronized (this) {
            requireOpen();
            Buffer known = filling.get(number);
            buffer = known != null ? known : buffers.take((int) (end(number) - (long) number * partSize));
            filling.put(number, buffer);
        }
        buffer.append(from, offset, count);
        if (buffer.isFull() && !isSinglePart()) {
            send(number, buffer);
        }
    }

    private void send(int number, Buffer buffer) throws StoreException {
        underway.acquireUninterruptibly();
        synchronized (this) {
            if (state != State.OPEN) {
                underway.release();
                requireOpen();
            }
            CompletableFuture<CompletedPart> part = upload().thenCompose(id -> request(id, number, buffer));
            sent.put(number, part);
            var unused = part.whenComplete((done, problem) -> {
                underway.release();
                forget(number, buffer);
                if (problem != null) {
                    StoreException unusedFailure = fail(Futures.asStoreException(problem));
                }
            });
        }
    }

    private synchronized CompletableFuture<CompletedPart> request(String id, int number, Buffer buffer) {
        if (state == State.CLOSED) {
            return CompletableFuture.failedFuture(
                    new StoreException(StoreError.IO_ERROR, info.path() + ": was discarded"));
        }
        CompletableFuture<CompletedPart> request = bucket.part(key, info.path(), id, number + 1, buffer);
        requests.put(number, request);
        return request;
    }

    private synchronized void forget(int number, Buffer buffer) {
        buffer.close();
        filling.remove(number, buffer);
        requests.remove(number);
    }

    /** Where a part ends. */
    private long end(int number) {
        return Math.min(info.size(), (number + 1L) * partSize);
    }

    /** Takes note of bytes to come: within the object, each segment in order, none twice. */
    private synchronized void claim(long position, int length) throws StoreException {
        requireOpen();
        long at = position;
        long last = position + length;
        boolean right = position >= 0 && last <= info.size();
        while (right && at < last) {
            int segment = (int) (at / SEGMENT);
            int count = (int) Math.min(last - at, (segment + 1L) * SEGMENT - at);
            right = at - (long) segment * SEGMENT == written[segment];
            written[segment] += count;
            at += count;
        }
        if (!right) {
            throw fail(new StoreException(
                    StoreError.IO_ERROR,
                    info.path() + ": bytes " + position + " to " + last + " of " + info.size()
                            + " are not the next of their segment"));
        }
    }

    private synchronized StoreException fail(StoreException problem) {
        if (state == State.OPEN) {
            state = State.FAILED;
            failure = problem;
        }
        return problem;
    }

    private synchronized void requireOpen() throws StoreException {
        if (state == State.FAILED && failure != null) {
            throw new StoreException(
                    failure.error(), failure.getMessage() == null ? "" : failure.getMessage(), failure);
        }
        if (state != State.OPEN) {
            throw new StoreException(StoreError.IO_ERROR, info.path() + ": cannot be written, it is " + state);
        }
    }
}
