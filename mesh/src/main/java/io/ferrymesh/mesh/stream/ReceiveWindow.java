package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.Limits;

/** What the receiving end granted and got: positions since the stream's start. Never goes back. Pure. */
final class ReceiveWindow {

    private long limit;
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

    long limit() {
        return limit;
    }

    long receivedFrames() {
        return receivedFrames;
    }
}
