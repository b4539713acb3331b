package io.ferrymesh.mesh.wire;

import io.ferrymesh.mesh.ErrorCode;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * Everything that crosses the bus or a direct connection (docs/wire.md, Messages). {@code from} is what the sender says its
 * private address is: it can be forged by any member of the cluster, so it routes and cross-checks but proves nothing.
 */
public sealed interface Message {

    /** The sender's private address, without its prefix. */
    Id128 from();

    /** A message of a stream. */
    sealed interface OfStream extends Message {
        /** The stream, named by its opener. */
        Id128 stream();
    }

    /** One request under a topic (private address) or a service's name (service address). */
    record Request(Id128 from, Id128 id, String subject, Buffer payload) implements Message {}

    /** The answer to a request. */
    record Reply(Id128 from, Id128 id, Buffer payload) implements Message {}

    /** The refusal of a request. */
    record Failure(Id128 from, Id128 id, ErrorCode code) implements Message {}

    /** Something for everybody who listens to a channel. */
    record Publication(Id128 from, String channel, Buffer payload) implements Message {}

    /** Asks for a stream. */
    record Open(Id128 from, Id128 stream, String topic, Buffer hello) implements OfStream {}

    /** Grants the first credit: the opener may send bytes up to {@code limit}, counted from the stream's start. */
    record Accept(Id128 from, Id128 stream, long limit) implements OfStream {}

    /** Does not want the stream. */
    record Refuse(Id128 from, Id128 stream, ErrorCode code) implements OfStream {}

    /** One frame; {@code sequence} counts from 0. */
    record Data(Id128 from, Id128 stream, long sequence, Buffer payload) implements OfStream {}

    /**
     * The receiver's positions since the stream's start: bytes the opener may have sent in all, frames the receiver has
     * taken in all. Absolute, so a replay grants nothing and a lost one is made good by the next.
     */
    record Credit(Id128 from, Id128 stream, long limit, long taken) implements OfStream {}

    /** Nothing follows; {@code frames} were sent in all. */
    record End(Id128 from, Id128 stream, long frames) implements OfStream {}

    /** Every frame was taken. */
    record Ended(Id128 from, Id128 stream) implements OfStream {}

    /** Either end gives up. */
    record Cancel(Id128 from, Id128 stream, Role role, ErrorCode code) implements OfStream {}

    /**
     * The sender has left the direct connection that the stream was on and goes on over the bus.
     *
     * @param position an opener's frames sent in all, an acceptor's limit as in {@link Credit}
     * @param received the frames that an acceptor got in all, from where the opener goes on; an opener's 0
     */
    record Moved(Id128 from, Id128 stream, Role role, long position, long received) implements OfStream {}

    /** The streams the sender shares with the receiver, a bounded batch at a time. */
    record Heartbeat(Id128 from, List<Beat> beats) implements Message {
        public Heartbeat {
            beats = List.copyOf(beats);
        }
    }

    /**
     * One stream in a heartbeat.
     *
     * @param position an opener's frames sent in all, an acceptor's limit as in {@link Credit}
     * @param taken an acceptor's frames taken as in {@link Credit}, an opener's 0
     */
    record Beat(Id128 stream, Role role, long position, long taken) {}
}
