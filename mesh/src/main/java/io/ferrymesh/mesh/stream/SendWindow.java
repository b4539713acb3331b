package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.Limits;

/**
 * How much the sending end may send: positions since the stream's start, in bytes and in frames. Never goes back. Pure.
 */
final class SendWindow {

    private long limit;
    private long sentBytes;
    private long sentFrames;
    private long takenFrames;

    /** Whether the credit covers a frame of {@code bytes} now. */
    boolean covers(int bytes) {
        return bytes <= limit - sentBytes && sentFrames - takenFrames < Limits.MAX_FRAMES_IN_FLIGHT;
    }

    /** Uses credit that {@link #covers}. Returns the frame's sequence number. */
    long use(int bytes) {
        if (!covers(bytes)) {
            throw new IllegalStateException("not covered: " + bytes);
        }
        sentBytes += bytes;
        return sentFrames++;
    }

    /**
     * Moves the positions forward. Refused when one goes back, none moves, more than the largest window would be
     * outstanding, or frames were taken that were never sent.
     */
    Verdict credit(long newLimit, long newTaken) {
        boolean moves = newLimit > limit || newTaken > takenFrames;
        if (!moves || !plausible(newLimit, newTaken)) {
            return Verdict.CREDIT_INVALID;
        }
        limit = newLimit;
        takenFrames = newTaken;
        return Verdict.APPLIED;
    }

    /** Whether these positions could be true, though they may be old news or none. */
    private boolean plausible(long newLimit, long newTaken) {
        return newLimit >= limit
                && newTaken >= takenFrames
                && newTaken <= sentFrames
                && newLimit - sentBytes <= Limits.MAX_WINDOW_BYTES;
    }

    /** As {@link #credit}, but positions already known are no offence: a heartbeat repeats them. */
    Verdict repeat(long newLimit, long newTaken) {
        return newLimit == limit && newTaken == takenFrames ? Verdict.APPLIED : credit(newLimit, newTaken);
    }

    long sentFrames() {
        return sentFrames;
    }

    /** How many frames the receiver said that it took. */
    long takenFrames() {
        return takenFrames;
    }

    /** Bytes granted and not yet used. */
    long available() {
        return limit - sentBytes;
    }
}
