package io.ferrymesh.stores.s3;

import software.amazon.awssdk.core.async.AsyncRequestBody;

/** In memory. */
final class HeapBuffer extends Buffer {

    private final byte[] bytes;
    private final Runnable onClose;
    private boolean closed; // guarded by this

    HeapBuffer(int size, Runnable onClose) {
        super(size);
        this.bytes = new byte[size];
        this.onClose = onClose;
    }

    @Override
    AsyncRequestBody body() {
        return AsyncRequestBody.fromBytesUnsafe(bytes);
    }

    @Override
    void put(int position, byte[] from, int offset, int length) {
        System.arraycopy(from, offset, bytes, position, length);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        onClose.run();
    }
}
