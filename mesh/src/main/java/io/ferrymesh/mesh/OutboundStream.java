package io.ferrymesh.mesh;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/**
 * The sending end of a stream. May be called from any thread; calls made in order from one thread are sent in order.
 */
public interface OutboundStream {

    /**
     * Sends one frame, in order, as soon as the receiver's credit covers it and there is room on the way to the peer. The
     * frame is given away: it must not be changed or used again, for a receiver in the same process gets this very buffer. A
     * frame of no bytes, or beyond {@link Limits#MAX_FRAME_BYTES}, fails with INVALID_MESSAGE. The sender waits for the future before it writes much more: beyond {@link Limits#MAX_PENDING_WRITES} waiting frames,
     * further writes fail with OVERLOADED.
     *
     * @return completes when the frame was covered by credit and handed on; fails when the stream is over
     */
    Future<Void> write(Buffer frame);

    /** Says that nothing follows. Completes when the receiver has been given every frame before it. */
    Future<Void> end();

    /** Gives up at once; the receiver's end closes with {@code code}. */
    void cancel(ErrorCode code);

    /** How it ended: completes after {@link #end()}, fails with a {@link MeshException} otherwise. Always one of the two. */
    Future<Void> closed();
}
