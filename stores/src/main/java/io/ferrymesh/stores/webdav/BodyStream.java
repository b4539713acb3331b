package io.ferrymesh.stores.webdav;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An answer's body as it arrives, one piece at a time. Unlike the JDK's own it does not wait for ever: when nothing arrives
 * within the timeout, reading fails. Read by one thread.
 */
final class BodyStream extends InputStream implements BodySubscriber<BodyStream> {

    private static final int WORTH_DRAINING = 64 << 10;

    private final Duration timeout;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>(); // one piece is asked for at a time
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private final Deque<ByteBuffer> buffers = new ArrayDeque<>();
    private @Nullable Signal last;

    BodyStream(Duration timeout) {
        this.timeout = timeout;
    }

    @Override
    public CompletionStage<BodyStream> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        if (subscription.complete(given)) {
            given.request(1);
        } else {
            given.cancel();
        }
    }

    @Override
    public void onNext(List<ByteBuffer> piece) {
        signals.add(new Signal(piece, null));
    }

    @Override
    public void onError(Throwable failure) {
        signals.add(new Signal(List.of(), failure));
    }

    @Override
    public void onComplete() {
        signals.add(new Signal(List.of(), null));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (buffers.isEmpty()) {
            if (!receive()) {
                return -1;
            }
        }
        ByteBuffer buffer = buffers.element();
        int read = Math.min(length, buffer.remaining());
        buffer.get(into, offset, read);
        if (!buffer.hasRemaining()) {
            buffers.remove();
        }
        return read;
    }

    /** Reads a short rest, so that the connection can be used again; gives up a long one together with the connection. */
    @Override
    public void close() {
        try {
            if (skip(WORTH_DRAINING) < WORTH_DRAINING) {
                return;
            }
        } catch (IOException e) {
            // then it is given up
        }
        subscription.thenAccept(Flow.Subscription::cancel).isDone();
    }

    private boolean receive() throws IOException {
        Signal signal = last == null ? await() : last;
        if (signal.failure() != null) {
            last = signal;
            throw new IOException(signal.failure().getMessage(), signal.failure());
        }
        if (signal.piece().isEmpty()) {
            last = signal;
            return false;
        }
        signal.piece().stream().filter(ByteBuffer::hasRemaining).forEach(buffers::add);
        subscription.join().request(1);
        return true;
    }

    private Signal await() throws IOException {
        try {
            Signal signal = signals.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
            if (signal == null) {
                last = new Signal(List.of(), new HttpTimeoutException("nothing more came within " + timeout));
                return last;
            }
            return signal;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** A piece; an empty one is the end. */
    private record Signal(List<ByteBuffer> piece, @Nullable Throwable failure) {}
}
