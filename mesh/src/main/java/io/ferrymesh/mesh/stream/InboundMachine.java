package io.ferrymesh.mesh.stream;

/**
 * The receiving end of a stream as a table of states (docs/wire.md, Stream states). What is refused changes nothing. Pure;
 * event loop only.
 */
final class InboundMachine {

    /** Where the receiving end is. */
    enum State {
        /** The owner has not decided. */
        DECIDING,
        /** Frames flow. */
        OPEN,
        /** The end came; the owner has not taken every frame. */
        ENDING,
        /** Over. */
        CLOSED;

        boolean mayBecome(State next) {
            return switch (this) {
                case DECIDING -> next == OPEN || next == CLOSED;
                case OPEN -> next == ENDING || next == CLOSED;
                case ENDING -> next == CLOSED;
                case CLOSED -> false;
            };
        }
    }

    private final ReceiveWindow window = new ReceiveWindow();
    private State state = State.DECIDING;

    State state() {
        return state;
    }

    ReceiveWindow window() {
        return window;
    }

    private void go(State next) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException(state + " to " + next);
        }
        state = next;
    }

    /** The owner accepts with its first credit. Returns false when the stream is over already. */
    boolean accept(long firstCredit) {
        if (state != State.DECIDING) {
            return false;
        }
        go(State.OPEN);
        return window.grant(firstCredit);
    }

    /** A frame came. */
    Verdict data(long sequence, int bytes, long takenFrames) {
        return state == State.OPEN ? window.data(sequence, bytes, takenFrames) : Verdict.OUT_OF_ORDER;
    }

    /** The owner grants more. Returns whether the peer must be told. */
    boolean grant(long bytes) {
        return state == State.OPEN && window.grant(bytes) && window.isDue();
    }

    /** Whether the peer must be told of what was granted before, now that a frame came. */
    boolean owesCredit() {
        return state == State.OPEN && window.isDue();
    }

    /** The peer says that it sent {@code frames} in all and nothing follows. */
    Verdict end(long frames) {
        if (frames != window.receivedFrames() || (state != State.OPEN && state != State.ENDING)) {
            return Verdict.OUT_OF_ORDER;
        }
        if (state == State.ENDING) {
            return Verdict.KNOWN; // said again, in case it was lost
        }
        go(State.ENDING);
        return Verdict.APPLIED;
    }

    /** Whether the owner has accepted and it is not over. */
    boolean isAccepted() {
        return state == State.OPEN || state == State.ENDING;
    }

    /**
     * Whether frames were lost, given that the peer says it sent {@code frames} before now: what one sender sends arrives in
     * order, so those not here will never be.
     */
    boolean lostFrames(long frames) {
        return state == State.OPEN && frames > window.receivedFrames();
    }

    /** The owner has taken every frame before the end. Returns false when the stream is over already. */
    boolean delivered() {
        if (state != State.ENDING) {
            return false;
        }
        go(State.CLOSED);
        return true;
    }

    /** Refused or cancelled by either side, or the peer is lost. Returns false when it was over already. */
    boolean close() {
        if (state == State.CLOSED) {
            return false;
        }
        go(State.CLOSED);
        return true;
    }
}
