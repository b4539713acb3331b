package io.ferrymesh.stores.s3;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Where parts wait to be sent: in memory up to a bound over all objects, beyond it in temporary files. Never blocks. */
final class Buffers {

    private final AtomicLong left;
    private final Optional<Path> spool;

    Buffers(long heapBytes, Optional<Path> spool) {
        this.left = new AtomicLong(heapBytes);
        this.spool = spool;
    }

    /** A buffer for exactly {@code size} bytes. */
    Buffer take(int size) throws IOException {
        if (reserve(size)) {
            return new HeapBuffer(size, () -> release(size));
        }
        return FileBuffer.create(spool, size);
    }

    /** Takes so much of the bound, if it is there. */
    boolean reserve(int size) {
        if (left.addAndGet(-size) >= 0) {
            return true;
        }
        release(size);
        return false;
    }

    void release(int size) {
        var unused = left.addAndGet(size);
    }

    /** How much of the bound is free, for tests. */
    long free() {
        return left.get();
    }
}
