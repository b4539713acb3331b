package io.ferrymesh.migration;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;

/** Hands arrays to the mesh. */
final class Frames {

    private Frames() {}

    /** A buffer over a frame that nobody changes any more, without the copy that {@link Buffer#buffer(byte[])} makes. */
    static Buffer wrap(byte[] frame) {
        return BufferInternal.buffer(Unpooled.wrappedBuffer(frame));
    }
}
