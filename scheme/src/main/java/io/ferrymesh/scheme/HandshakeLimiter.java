package io.ferrymesh.scheme;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Limits how many handshakes one grant may cause. Count a handshake once its first message's tag verified: before that,
 * anybody could use up a grant that is not theirs.
 *
 * <p>Bounded: when it is full of grants whose window is open, no further grant is admitted. Not thread-safe.
 */
public final class HandshakeLimiter {

    private final int maxGrants;
    private final int maxPerGrant;
    private final long windowMs;
    /** In the order of insertion, which with one window is the order of expiry. */
    private final Map<MigrationId, Window> windows = new LinkedHashMap<>();

    /** At most this many handshakes a grant within a window, for at most this many grants at a time. */
    public HandshakeLimiter(int maxGrants, int maxPerGrant, long windowMs) {
        if (maxGrants <= 0 || maxPerGrant <= 0 || windowMs <= 0) {
            throw new IllegalArgumentException("maxGrants, maxPerGrant and windowMs must be > 0: " + maxGrants + ", "
                    + maxPerGrant + ", " + windowMs);
        }
        this.maxGrants = maxGrants;
        this.maxPerGrant = maxPerGrant;
        this.windowMs = windowMs;
    }

    /** Counts one handshake of a grant; false if it must not go on. */
    public boolean admit(MigrationId grant, long nowMs) {
        evict(nowMs);
        Window window = windows.get(grant);
        if (window != null) {
            return window.admit(maxPerGrant);
        }
        if (windows.size() >= maxGrants) {
            return false;
        }
        windows.put(grant, new Window(nowMs + windowMs));
        return true;
    }

    /** Grants being counted. */
    public int size() {
        return windows.size();
    }

    private void evict(long nowMs) {
        Iterator<Window> oldestFirst = windows.values().iterator();
        while (oldestFirst.hasNext() && oldestFirst.next().endMs <= nowMs) {
            oldestFirst.remove();
        }
    }

    private static final class Window {

        private final long endMs;
        private int admitted = 1;

        Window(long endMs) {
            this.endMs = endMs;
        }

        boolean admit(int most) {
            if (admitted >= most) {
                return false;
            }
            admitted++;
            return true;
        }
    }
}
