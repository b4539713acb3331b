package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.Limits;

/** What the receiving end granted and got: positions since the stream's start. Never goes back. Pure. */
final class ReceiveWindow {

    /** The peer is told of more once that is a quarter of all it may send. */
    private static final int PARTS = 4;

    private long limit;
    private long announced;
    private long receivedBytes;
    private long receivedFrames;

    /** Takes the next frame, or refuses a replay, a gap, and what was never granted. */
    Verdict data(long sequence, int bytes, long takenFrames) {
        if (sequence != receivedFrames) {
            return Verdict.OUT_OF_ORDER;
        }
        if (bytes > limit - receivedBytes || receivedFrames - takenFrames >= Limits.MAX_FRAMES_IN_FLIGHT) {
            return Verdict.CREDIT_OVERRUN;
        }
        receivedFrames++;
        receivedBytes += bytes;
        return Verdict.APPLIED;
    }

    /** Grants {@code bytes} more, but never more than the largest window outstanding. Returns whether the limit moved. */
    boolean grant(long bytes) {
        long before = limit;
        long room = Limits.MAX_WINDOW_BYTES - (limit - receivedBytes);
        limit += Math.min(bytes, room);
        return limit > before;
    }

    /**
     * Whether the peer should be told of what was granted since it was told last: it could not send a largest frame otherwise, or
     * it is worth a message. To be asked after every grant and every frame.
     */
    boolean isDue() {
        long untold = limit - announced;
        return untold > 0
                && (announced - receivedBytes < Limits.MAX_FRAME_BYTES || untold >= (limit - receivedBytes) / PARTS);
    }

    /** The limit, which the peer is told now. */
    long announce() {
        announced = limit;
        return limit;
    }

    long limit() {
        return limit;
    }

    long receivedFrames() {
        return receivedFrames;
    }
}
