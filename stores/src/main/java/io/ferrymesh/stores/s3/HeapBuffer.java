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

    /** Filled with these bytes, and of no bound. */
    static HeapBuffer of(byte[] content) {
        var buffer = new HeapBuffer(content.length, () -> {});
        buffer.put(0, content, 0, content.length);
        buffer.added(content, 0, content.length);
        return buffer;
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
