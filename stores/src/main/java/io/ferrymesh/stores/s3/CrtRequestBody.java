package io.ferrymesh.stores.s3;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.crt.http.HttpRequestBodyStream;

/**
 * A request's body as the CRT asks for it, one buffer ahead at most. Our bodies lie in memory or in a file, so their
 * publishers answer on the asking thread; for any other one the event loop waits a moment rather than spin.
 */
final class CrtRequestBody implements HttpRequestBodyStream, Subscriber<ByteBuffer> {

    private static final long MOMENT_MS = 5;

    private final Publisher<ByteBuffer> publisher;
    private final long length;
    private @Nullable Subscription subscription; // this and the rest guarded by this
    private @Nullable ByteBuffer current;
    private @Nullable Throwable failure;
    private boolean subscribed;
    private boolean asked;
    private boolean complete;

    CrtRequestBody(Publisher<ByteBuffer> publisher, long length) {
        this.publisher = publisher;
        this.length = length;
    }

    @Override
    public long getLength() {
        return length;
    }

    @Override
    public boolean sendRequestBody(ByteBuffer out) {
        subscribeOnce();
        while (true) {
            Subscription toAsk;
            synchronized (this) {
                if (failure != null) {
                    throw new IllegalStateException("the body cannot be read", failure);
                }
                take(out);
                if (complete && current == null) {
                    return true;
                }
                if (!out.hasRemaining()) {
                    return false;
                }
                if (asked || subscription == null) {
                    if (!awaitMoment()) {
                        return false;
                    }
                    continue;
                }
                toAsk = subscription;
                asked = true;
            }
            toAsk.request(1);
        }
    }

    @Override
    public synchronized void onSubscribe(Subscription newSubscription) {
        subscription = newSubscription;
        notifyAll();
    }

    @Override
    public synchronized void onNext(ByteBuffer bytes) {
        current = bytes.hasRemaining() ? bytes : null;
        asked = false;
        notifyAll();
    }

    @Override
    public synchronized void onError(Throwable cause) {
        failure = cause;
        notifyAll();
    }

    @Override
    public synchronized void onComplete() {
        complete = true;
        notifyAll();
    }

    private void subscribeOnce() {
        synchronized (this) {
            if (subscribed) {
                return;
            }
            subscribed = true;
        }
        publisher.subscribe(this);
    }

    // holds the lock
    private void take(ByteBuffer out) {
        if (current == null || !out.hasRemaining()) {
            return;
        }
        int bytes = Math.min(out.remaining(), current.remaining());
        ByteBuffer part = current.duplicate();
        part.limit(part.position() + bytes);
        out.put(part);
        current.position(current.position() + bytes);
        if (!current.hasRemaining()) {
            current = null;
        }
    }

    /** Whether something came meanwhile. Holds the lock. */
    @SuppressWarnings("WaitNotInLoop") // waking up early is as good: the CRT asks again
    private boolean awaitMoment() {
        try {
            wait(MOMENT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return (!asked && subscription != null) || complete || failure != null;
    }
}
