package io.ferrymesh.stores.s3;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.StagedObject;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.writing.WrittenRanges;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private static final int PARTS_UNDERWAY = 4;

    private enum State {
        OPEN,
        FAILED,
        PUBLISHING,
        LET_GO,
        CLOSED
    }

    private final Target target;
    private final Bucket bucket;
    private final Consumer<S3Staged> onClose;
    private final Semaphore underway = new Semaphore(PARTS_UNDERWAY);
    private final WrittenRanges ranges; // this and the rest guarded by this
    private final FillingParts filling;
    private final SentParts sent = new SentParts();
    private final Map<Integer, CompletableFuture<CompletedPart>> requests = new TreeMap<>();
    private long missing;
    private State state = State.OPEN;
    private @Nullable StoreException failure;
    private @Nullable CompletableFuture<String> upload;
    private @Nullable String token;

    S3Staged(Target target, Bucket bucket, Buffers buffers, Consumer<S3Staged> onClose) {
        this.target = target;
        this.bucket = bucket;
        this.filling = new FillingParts(target, buffers);
        this.onClose = onClose;
        this.missing = target.info().size();
        this.ranges = new WrittenRanges(target.info().size());
    }

    /** From now on it is kept under a token when it is let go of. */
    synchronized void keep(String newToken) {
        token = newToken;
    }

    /** Goes on with an upload that has some parts; those of segments that are not whole are written again. */
    synchronized void resume(String id, Map<Integer, CompletedPart> parts) {
        upload = CompletableFuture.completedFuture(id);
        parts.forEach((number, part) -> sent.add(number, CompletableFuture.completedFuture(part)));
        for (int segment = 0; ranges.lengthOf(segment) > 0; segment++) {
            if (sent.hasAll(target.partsOf(segment))) {
                ranges.keep(segment);
                missing -= ranges.lengthOf(segment);
            } else {
                sent.remove(target.partsOf(segment));
            }
        }
    }

    @Override
    public ObjectInfo info() {
        return target.info();
    }

    Target target() {
        return target;
    }

    boolean isOf(Bucket other) {
        return bucket == other;
    }

    @Override
    public synchronized Optional<String> token() {
        return Optional.ofNullable(token);
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
                int number = target.partOf(at);
                int count = (int) Math.min(length - done, target.end(number) - at);
                append(number, from, offset + done, count);
                done += count;
            }
        } catch (IOException e) {
            throw fail(new StoreException(StoreError.IO_ERROR, info().path() + ": " + e.getMessage(), e));
        }
        synchronized (this) {
            ranges.written(position, length);
            missing -= length;
        }
    }

    @Override
    public synchronized boolean holds(int segment) {
        return token != null && ranges.isWhole(segment);
    }

    /** Waits for the parts on their way: what the server has outlives this process. */
    @Override
    public void force() throws StoreException {
        if (token().isPresent()) {
            synchronized (this) {
                requireOpen();
            }
            var unused = Futures.await(parts());
        }
    }

    /**
     * Waits for what is on its way of the segment, as a server keeps of two uploads of a part whichever ended last. What the
     * server has is replaced by parts of another length, so that nobody takes them for the segment.
     */
    @Override
    public void rewrite(int segment) throws StoreException {
        List<Integer> parts = target.partsOf(segment);
        List<CompletableFuture<CompletedPart>> old;
        synchronized (this) {
            requireOpen();
            old = sent.of(parts);
        }
        for (CompletableFuture<CompletedPart> part : old) {
            int number = Futures.await(part).partNumber();
            if (token().isPresent()) {
                var unused = Futures.await(upload().thenCompose(id ->
                        bucket.part(target.key(), info().path(), id, number, target.placeholder(number - 1))));
            }
        }
        synchronized (this) {
            requireOpen();
            sent.remove(parts);
            filling.remove(parts);
            missing += ranges.forget(segment);
        }
    }

    /** From now on it cannot be written. Refuses an object that is not whole. */
    synchronized void beginPublishing() throws StoreException {
        requireOpen();
        if (missing > 0) {
            throw new StoreException(
                    StoreError.IO_ERROR,
                    info().path() + ": " + missing + " of " + info().size() + " bytes are missing");
        }
        state = State.PUBLISHING;
    }

    /** All of an object of a single part. */
    synchronized Buffer content() throws StoreException {
        return filling.whole()
                .orElseThrow(() -> new StoreException(StoreError.IO_ERROR, info().path() + ": was discarded"));
    }

    /** The parts of a larger object, all of them stored. */
    synchronized CompletableFuture<List<CompletedPart>> parts() {
        return sent.all();
    }

    /** The id of a larger object's upload. */
    synchronized CompletableFuture<String> upload() {
        if (upload == null) {
            upload = bucket.begin(target.key(), info().path(), target.contentType(), target.metadata());
        }
        return upload;
    }

    /** It is published: nothing is left to discard. */
    synchronized void published() {
        upload = null;
    }

    @Override
    public void detach() {
        end(token().isPresent() ? State.LET_GO : State.CLOSED);
    }

    @Override
    public void close() {
        end(State.CLOSED);
    }

    private void end(State how) {
        CompletableFuture<String> underWay;
        List<CompletableFuture<CompletedPart>> toCancel;
        synchronized (this) {
            if (state == State.CLOSED || state == State.LET_GO) {
                return;
            }
            state = how;
            underWay = upload;
            toCancel = List.copyOf(requests.values());
            filling.clear();
            sent.clear();
        }
        if (underWay != null) {
            toCancel.forEach(part -> part.cancel(true));
            if (how == State.CLOSED) {
                bucket.abortAndWait(target.key(), info().path(), underWay);
            }
        }
        onClose.accept(this);
    }

    private void append(int number, byte[] from, int offset, int count) throws IOException, StoreException {
        Buffer buffer;
        synchronized (this) {
            requireOpen();
            buffer = filling.of(number);
        }
        buffer.append(from, offset, count);
        if (buffer.isFull() && !target.isSinglePart()) {
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
            sent.add(number, part);
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
        if (state == State.CLOSED || state == State.LET_GO) {
            return CompletableFuture.failedFuture(
                    new StoreException(StoreError.IO_ERROR, info().path() + ": was discarded"));
        }
        CompletableFuture<CompletedPart> request = bucket.part(target.key(), info().path(), id, number + 1, buffer);
        requests.put(number, request);
        return request;
    }

    private synchronized void forget(int number, Buffer buffer) {
        filling.remove(number, buffer);
        requests.remove(number);
    }

    /** Takes note of bytes to come: within the object, each segment in order, none twice. */
    private synchronized void claim(long position, int length) throws StoreException {
        requireOpen();
        try {
            ranges.claim(position, length);
        } catch (IllegalArgumentException e) {
            throw fail(new StoreException(StoreError.IO_ERROR, info().path() + ": " + e.getMessage(), e));
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
            throw new StoreException(failure.error(), String.valueOf(failure.getMessage()), failure);
        }
        if (state != State.OPEN) {
            throw new StoreException(StoreError.IO_ERROR, info().path() + ": cannot be written, it is " + state);
        }
    }
}
