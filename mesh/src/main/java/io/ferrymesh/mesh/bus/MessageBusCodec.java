package io.ferrymesh.mesh.bus;

import io.ferrymesh.mesh.wire.MalformedMessageException;
import io.ferrymesh.mesh.wire.Message;
import io.ferrymesh.mesh.wire.WireFormat;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only codec whose messages this process takes. Decoding slices the payload out of the bus's own record, which is
 * copied off the socket for this one message and belongs to nobody else, on the heap and never pooled; so a slice stays
 * valid for as long as somebody holds it.
 */
final class MessageBusCodec implements MessageCodec<Message, @Nullable Message> {

    static final String NAME = "ferrymesh";

    private static final Logger LOG = LoggerFactory.getLogger(MessageBusCodec.class);

    @Override
    public void encodeToWire(Buffer buffer, Message message) {
        WireFormat.encode(message, buffer);
    }

    /** Decodes; null for what is no message. */
    @Override
    public @Nullable Message decodeFromWire(int position, Buffer buffer) {
        try {
            return WireFormat.decode(buffer, position);
        } catch (MalformedMessageException e) {
            LOG.debug("dropped what is no message: {}", e.getMessage());
            return null;
        }
    }

    /** Within one process messages are handed over as they are: records, whose payloads their senders gave away. */
    @Override
    public Message transform(Message message) {
        return message;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
