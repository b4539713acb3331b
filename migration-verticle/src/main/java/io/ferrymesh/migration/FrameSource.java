package io.ferrymesh.migration;

import java.nio.ByteBuffer;

/** What a lane sends next. Called on the lane's worker, in order. */
interface FrameSource {

    /** Whether there is more to send. */
    enum Fill {
        /** Call again as soon as the lane can take another frame. */
        MORE,
        /** Nothing now; whoever has something later wakes the lane. */
        IDLE,
        /** Nothing ever again: the lane ends. */
        DONE
    }

    /** Puts whole records into {@code out}, which has room for {@link Lanes#FRAME_PLAINTEXT_BYTES}. */
    Fill fill(ByteBuffer out);

    /** The peer has been given the lane's last frame. */
    default void delivered() {}

    /** Lets go of what is open. Called once, on the lane's worker, after the last {@link #fill}. */
    default void close() {}
}
