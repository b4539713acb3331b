package io.ferrymesh.migration;

/**
 * The credit that all migrations of a process together have given to their sources, which is what this end must be able to hold.
 * Every lane in use has one frame in any case; what is more is shared out of a budget, alike among the lanes in use. Any thread.
 */
final class WindowBudget {

    /** What a lane in use has at least: the largest frame. */
    static final long LEAST = Lanes.MAX_FRAME_BYTES;

    private final long bytes;

    // under this
    private long taken;
    private int lanes;

    /** @param bytes most credit besides a frame for each lane */
    WindowBudget(long bytes) {
        this.bytes = bytes;
    }

    /**
     * The window of a lane that opens.
     *
     * @param most how large it may become
     * @param resting whether it is not used yet: then it has what its last frame needs, and no more
     */
    synchronized LaneWindow open(long most, boolean resting) {
        LaneWindow window = new LaneWindow(most);
        if (resting) {
            window.size = Lanes.LAST_FRAME_BYTES;
            window.first = window.size;
        } else {
            window.first = window.beginUse() + window.grow(LEAST);
        }
        return window;
    }

    /** How much of the budget is given out. */
    synchronized long taken() {
        return taken;
    }

    /** How many lanes are in use. */
    synchronized int lanes() {
        return lanes;
    }

    /** The credit of one lane: what its source may send, and what came and is not dealt with. */
    final class LaneWindow {

        private final long most;

        // under the budget
        private long first;
        private long size;
        private long waiting;
        private boolean used;
        private boolean begun;
        private boolean closed;

        private LaneWindow(long most) {
            this.most = Math.max(LEAST, most);
        }

        /** The credit it opens with. */
        long first() {
            synchronized (WindowBudget.this) {
                return first;
            }
        }

        /** How large it is. */
        long size() {
            synchronized (WindowBudget.this) {
                return size;
            }
        }

        /** So much came, and is to be dealt with. */
        void received(long came) {
            synchronized (WindowBudget.this) {
                waiting += came;
            }
        }

        /**
         * Whether it keeps what others need: nothing of the budget is left, it has more than twice its share, and most of that is credit
         * that its source has not used.
         */
        boolean isInTheWay() {
            synchronized (WindowBudget.this) {
                return used && !closed && taken + LEAST > bytes && size > 2 * share() && 2 * waiting < size;
            }
        }

        /**
         * So much was dealt with.
         *
         * @param mayGrow whether more credit would be of use
         * @return how much credit goes back: twice as much while the window grows, less or nothing while it shrinks
         */
        long back(long dealtWith, boolean mayGrow) {
            synchronized (WindowBudget.this) {
                waiting -= Math.min(waiting, dealtWith);
                if (closed || !begun) {
                    return dealtWith;
                }
                long target = used ? share() : LEAST;
                if (size > target) {
                    long cut = Math.min(dealtWith, size - target);
                    size -= cut;
                    taken -= cut;
                    return dealtWith - cut;
                }
                return dealtWith + (mayGrow ? grow(Math.min(dealtWith, target - size)) : 0);
            }
        }

        /**
         * It is used from now on.
         *
         * @return the credit that it needs for that
         */
        long use() {
            synchronized (WindowBudget.this) {
                return closed || used ? 0 : beginUse();
            }
        }

        /** It is not used any more: it shrinks to one frame as what it has comes back. */
        void rest() {
            synchronized (WindowBudget.this) {
                if (used) {
                    used = false;
                    lanes--;
                }
            }
        }

        /** It is over, and what it had is free. */
        void close() {
            synchronized (WindowBudget.this) {
                rest();
                if (!closed && begun) {
                    taken -= size - LEAST;
                }
                closed = true;
            }
        }

        private long share() {
            return Math.min(most, Math.max(LEAST, bytes / Math.max(1, lanes)));
        }

        private long beginUse() {
            used = true;
            lanes++;
            if (begun) {
                return 0;
            }
            begun = true;
            long credit = LEAST - size;
            size = LEAST;
            return credit;
        }

        private long grow(long by) {
            long more = Math.max(0, Math.min(by, bytes - taken));
            size += more;
            taken += more;
            return more;
        }
    }
}
