package io.ferrymesh.mesh;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** The receiving end of a stream. The sender never has more bytes in flight than were granted and not yet used. */
public interface InboundStream {

    PeerAddress from();

    /** The session whose direct connection it was opened on; empty for one that was opened over the bus. */
    default Optional<DirectSession> direct() {
        return Optional.empty();
    }

    /** What the opener sent along. */
    Buffer hello();

    /**
     * Takes frames from now on, in order, without gaps, on the context the stream handler was registered from. Must be
     * called before the future of the {@link StreamHandler} completes.
     */
    void frames(Handler<Buffer> handler);

    /**
     * Grants {@code bytes} more, once the receiver has dealt with as many. Never more than {@link Limits#MAX_WINDOW_BYTES}
     * are outstanding: what goes beyond is cut. Any thread.
     */
    void grant(long bytes);

    /** Gives up at once; the sender's end closes with {@code code}. Any thread. */
    void cancel(ErrorCode code);

    /** How it ended: completes after the sender's end, fails with a {@link MeshException} otherwise. Always one. */
    Future<Void> closed();
}
