package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.Topic;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;

/** The two requests that carry a handshake. docs/wire.md, Handshake. */
final class Wire {

    /** Destination to source: rendezvous and message 1; answered by session and message 2. */
    static final Topic HELLO = new Topic("migration.hello");

    /** Destination to source: session and message 3; answered by the version alone. */
    static final Topic CONFIRM = new Topic("migration.confirm");

    private static final int ID_BYTES = 16;

    private Wire() {}

    /** An id and a handshake message. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Message(byte[] id, byte[] message) {}

    static Buffer encode(byte[] id, byte[] message) {
        return Buffer.buffer(ByteBuffer.allocate(1 + id.length + message.length)
                .put(Lanes.VERSION)
                .put(id)
                .put(message)
                .array());
    }

    static Message decode(Buffer payload) {
        byte[] bytes = payload.getBytes();
        RecordReader in = new RecordReader(bytes, 0, bytes.length);
        if (in.u8() != Lanes.VERSION) {
            throw invalid("a handshake request of unknown version");
        }
        return new Message(in.bytes(ID_BYTES), in.bytes(bytes.length - 1 - ID_BYTES));
    }

    static Buffer confirmed() {
        return Buffer.buffer(new byte[] {Lanes.VERSION});
    }

    static MeshException invalid(String what) {
        return new MeshException(ErrorCode.INVALID_MESSAGE, what);
    }
}
