package io.ferrymesh.mesh.stream;

/** For how long nothing was heard, as seen at the ticks of the heartbeat. Event loop only. */
final class Silence {

    private boolean heard = true;
    private long sinceNanos;

    /** Something came. Two writes, no clock: called for every frame. */
    void heard() {
        heard = true;
    }

    /** How long nothing came, in nanoseconds, as seen at this tick. */
    long nanos(long nowNanos) {
        if (heard) {
            heard = false;
            sinceNanos = nowNanos;
        }
        return nowNanos - sinceNanos;
    }
}
