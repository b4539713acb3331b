package io.ferrymesh.migration;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;

/** Looks into the mesh's frames. */
final class Frames {

    private Frames() {}

    /** A frame's bytes in an array, which nobody may change; without a copy if they are in one at all. */
    static ByteBuffer octets(Buffer frame) {
        ByteBuf bytes = ((BufferInternal) frame).getByteBuf();
        return bytes.hasArray() ? bytes.nioBuffer() : ByteBuffer.wrap(frame.getBytes());
    }
}
