package io.ferrymesh.mesh;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/** Writes the bytes it is given under the name of our codec. */
final class RawCodec implements MessageCodec<Buffer, Buffer> {
    @Override
    public void encodeToWire(Buffer buffer, Buffer bytes) {
        buffer.appendBuffer(bytes);
    }

    @Override
    public Buffer decodeFromWire(int position, Buffer buffer) {
        return buffer;
    }

    @Override
    public Buffer transform(Buffer bytes) {
        return bytes;
    }

    @Override
    public String name() {
        return "ferrymesh";
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
