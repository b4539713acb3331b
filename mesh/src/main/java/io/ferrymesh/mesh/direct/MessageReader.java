package io.ferrymesh.mesh.direct;

import io.ferrymesh.mesh.FrameMemory;
import io.ferrymesh.mesh.wire.MalformedMessageException;
import io.ferrymesh.mesh.wire.Message;
import io.ferrymesh.mesh.wire.WireFormat;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts messages together from what a socket brings: each has its length before it, 4 octets. One copy, off the socket's buffer
 * into {@link FrameMemory} of the message's own, whose payload is a slice of it; none is larger than the largest message. Pure.
 */
final class MessageReader {

    static final int LENGTH_BYTES = 4;

    private int length;
    private int lengthBytes;
    private @Nullable Buffer message;
    private int filled;

    /** Reads all there is; what has begun waits for the rest. */
    void read(ByteBuf in, Consumer<Message> taker) throws MalformedMessageException {
        while (in.isReadable()) {
            Buffer current = message;
            if (current == null) {
                readLength(in);
            } else {
                readMessage(in, current, taker);
            }
        }
    }

    private void readLength(ByteBuf in) throws MalformedMessageException {
        length = length << 8 | in.readUnsignedByte();
        if (++lengthBytes < LENGTH_BYTES) {
            return;
        }
        if (length < 1 || length > WireFormat.MAX_MESSAGE_BYTES) {
            throw new MalformedMessageException("length not 1 to " + WireFormat.MAX_MESSAGE_BYTES + ": " + length);
        }
        message = FrameMemory.take(length);
    }

    private void readMessage(ByteBuf in, Buffer current, Consumer<Message> taker) throws MalformedMessageException {
        int bytes = Math.min(in.readableBytes(), length - filled);
        in.readBytes(((BufferInternal) current).getByteBuf().array(), filled, bytes);
        filled += bytes;
        if (filled == length) {
            message = null;
            filled = 0;
            length = 0;
            lengthBytes = 0;
            taker.accept(WireFormat.decode(current, 0));
        }
    }
}
