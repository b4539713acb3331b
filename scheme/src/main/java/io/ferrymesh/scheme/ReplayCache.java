package io.ferrymesh.scheme;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers the first messages a source has already answered, so that a replay costs one look-up. Ask {@link #seen} before
 * the handshake; {@link #remember} once the message's tag verified, because what anybody can send must not fill it.
 *
 * <p>Bounded: when it is full of entries that have not expired, nothing more is accepted. Not thread-safe.
 */
public final class ReplayCache {

    private final int maxEntries;
    private final long ttlMs;
    /** In the order of insertion, which with one time to live is the order of expiry. */
    private final Map<Digest, Long> expiryMs = new LinkedHashMap<>();

    /** A cache of at most this many messages, each kept for this long. */
    public ReplayCache(int maxEntries, long ttlMs) {
        if (maxEntries <= 0) {
            throw new IllegalArgumentException("maxEntries must be > 0: " + maxEntries);
        }
        if (ttlMs <= 0) {
            throw new IllegalArgumentException("ttlMs must be > 0: " + ttlMs);
        }
        this.maxEntries = maxEntries;
        this.ttlMs = ttlMs;
    }

    /** Whether this message was remembered and has not expired. */
    public boolean seen(byte[] firstMessage, long nowMs) {
        Long expiry = expiryMs.get(Digest.sha256(firstMessage));
        return expiry != null && expiry > nowMs;
    }

    /** Remembers the message. False, and it must not be answered, if it is known or the cache is full. */
    public boolean remember(byte[] firstMessage, long nowMs) {
        evict(nowMs);
        Digest hash = Digest.sha256(firstMessage);
        if (expiryMs.containsKey(hash) || expiryMs.size() >= maxEntries) {
            return false;
        }
        expiryMs.put(hash, nowMs + ttlMs);
        return true;
    }

    /** Entries now, expired ones that were not evicted yet included. */
    public int size() {
        return expiryMs.size();
    }

    private void evict(long nowMs) {
        Iterator<Long> oldestFirst = expiryMs.values().iterator();
        while (oldestFirst.hasNext() && oldestFirst.next() <= nowMs) {
            oldestFirst.remove();
        }
    }
}
