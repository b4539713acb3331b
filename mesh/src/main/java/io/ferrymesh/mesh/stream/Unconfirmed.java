package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.FrameMemory;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;

/**
 * Frames that were sent on a direct connection and that the receiver has not said it took: what must be sent again if the
 * connection breaks. Bounded by itself: a receiver can grant for ever and never say that it took anything. Pure; event loop only.
 */
final class Unconfirmed {

    /**
     * Most bytes that are kept, give or take a frame. More than a receiver that reports every 8 frames can leave unsaid, were
     * all of them of the largest size and it had just reported one: so who waits for room gets it.
     */
    static final long MAX_BYTES = 16L << 20;

    private final ArrayDeque<Buffer> frames = new ArrayDeque<>();
    private long first;
    private long bytes;

    /** Whether one more frame may be kept. */
    boolean hasRoom() {
        return bytes < MAX_BYTES;
    }

    /** Keeps the next frame that is sent. */
    void sent(Buffer frame) {
        frames.add(frame);
        bytes += frame.length();
    }

    /** Lets go of every frame before {@code position}. They were sent on a direct connection only, which has copied them. */
    void confirmed(long position) {
        while (first < position && !frames.isEmpty()) {
            FrameMemory.giveBackOwn(takeFirst());
        }
    }

    /** Whether one who has got {@code received} frames can be helped with what is kept. */
    boolean reaches(long received) {
        return received >= first && received <= first + frames.size();
    }

    boolean isEmpty() {
        return frames.isEmpty();
    }

    /** The sequence number of the first frame that is kept, or of the next one to be sent. */
    long first() {
        return first;
    }

    /** Takes the first frame, to send it where nothing need be kept. */
    Buffer takeFirst() {
        Buffer frame = frames.remove();
        first++;
        bytes -= frame.length();
        return frame;
    }

    /** Lets go of everything. */
    void clear() {
        frames.clear();
        bytes = 0;
    }
}
