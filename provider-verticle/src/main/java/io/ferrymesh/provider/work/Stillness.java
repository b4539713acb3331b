package io.ferrymesh.provider.work;

import io.ferrymesh.provider.engine.Progress;

/** Since when a run has done nothing. Noted by the work thread; any thread may ask. */
final class Stillness {

    private Progress progress = Progress.NONE;
    private long steps;
    private volatile long sinceMs;

    /** A run that begins now. */
    Stillness(long nowMs) {
        this.sinceMs = nowMs;
    }

    /**
     * Takes note of how far it is.
     *
     * @param expected whether it is to do something at all: one that may be slow is never still
     */
    void note(Progress now, long stepsNow, boolean expected, long nowMs) {
        if (!expected || stepsNow != steps || !now.equals(progress)) {
            progress = now;
            steps = stepsNow;
            sinceMs = nowMs;
        }
    }

    /** For how long. */
    long lastsMs(long nowMs) {
        return Math.max(0, nowMs - sinceMs);
    }
}
