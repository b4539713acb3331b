package io.ferrymesh.mesh.stream;

import io.ferrymesh.mesh.Limits;

/**
 * The sending end of a stream as a table of states (docs/wire.md, Stream states). What is refused changes nothing. Pure;
 * event loop only.
 */
final class OutboundMachine {

    /** Where the sending end is. */
    enum State {
        /** Asked, not answered. */
        OPENING,
        /** Frames flow. */
        OPEN,
        /** The owner said end; frames still wait for credit. */
        DRAINING,
        /** End was sent, not confirmed. */
        ENDING,
        /** Over. */
        CLOSED;

        boolean mayBecome(State next) {
            return switch (this) {
                case OPENING -> next == OPEN || next == CLOSED;
                case OPEN -> next == DRAINING || next == ENDING || next == CLOSED;
                case DRAINING -> next == ENDING || next == CLOSED;
                case ENDING -> next == CLOSED;
                case CLOSED -> false;
            };
        }
    }

    private final SendWindow window = new SendWindow();
    private State state = State.OPENING;

    State state() {
        return state;
    }

    SendWindow window() {
        return window;
    }

    private void go(State next) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException(state + " to " + next);
        }
        state = next;
    }

    /** The peer accepted with its first credit. */
    Verdict accept(long limit) {
        if (state != State.OPENING) {
            return Verdict.OUT_OF_ORDER;
        }
        if (limit < 1 || limit > Limits.MAX_WINDOW_BYTES) {
            return Verdict.CREDIT_INVALID;
        }
        Verdict verdict = window.credit(limit, 0);
        go(State.OPEN);
        return verdict;
    }

    /** The peer refused. */
    Verdict refuse() {
        if (state != State.OPENING) {
            return Verdict.OUT_OF_ORDER;
        }
        go(State.CLOSED);
        return Verdict.APPLIED;
    }

    /** The peer granted more. */
    Verdict credit(long limit, long taken) {
        return flows() ? window.credit(limit, taken) : Verdict.OUT_OF_ORDER;
    }

    /** The peer's heartbeat repeats its positions. Before the answer to the opening they say nothing. */
    Verdict repeat(long limit, long taken) {
        return flows() ? window.repeat(limit, taken) : Verdict.APPLIED;
    }

    /** The peer repeats its limit, without what was taken. */
    Verdict repeatLimit(long limit) {
        return repeat(limit, window.takenFrames());
    }

    private boolean flows() {
        return state == State.OPEN || state == State.DRAINING || state == State.ENDING;
    }

    /** Whether the owner may still write. */
    boolean mayWrite() {
        return state == State.OPEN;
    }

    /** Whether a waiting frame of {@code bytes} may be sent now. */
    boolean maySend(int bytes) {
        return (state == State.OPEN || state == State.DRAINING) && window.covers(bytes);
    }

    /** The owner says that nothing follows. Returns whether the end may be sent at once. */
    boolean end(boolean framesWait) {
        go(framesWait ? State.DRAINING : State.ENDING);
        return !framesWait;
    }

    /** The last waiting frame was sent after {@link #end}. */
    void drained() {
        go(State.ENDING);
    }

    /** The peer confirmed the end. */
    Verdict ended() {
        if (state != State.ENDING) {
            return Verdict.OUT_OF_ORDER;
        }
        go(State.CLOSED);
        return Verdict.APPLIED;
    }

    /** Cancelled by either side, or the peer is lost. Returns false when it was over already. */
    boolean close() {
        if (state == State.CLOSED) {
            return false;
        }
        go(State.CLOSED);
        return true;
    }
}
