package io.ferrymesh.scheme;

import java.util.Arrays;

/**
 * A set of revoked pseudonyms, each with the last second in which it matters: open addressing in three arrays, 32 to
 * 64 bytes an entry. Pseudonyms are a cipher's output, so their own bits are the hash. Not thread-safe.
 */
final class RevokedPseudonyms {

    private static final int LEAST = 64;

    private long[] high = new long[LEAST];
    private long[] low = new long[LEAST];
    /** 0: the place is free. */
    private long[] until = new long[LEAST];

    private int size;

    int size() {
        return size;
    }

    boolean contains(Pseudonym pseudonym) {
        return until[place(Bytes.getU64(pseudonym.raw(), 0), Bytes.getU64(pseudonym.raw(), 8))] != 0;
    }

    /** Adds an entry, or lets one that is here last longer. One that never mattered is left out. */
    void add(RevocationEntry entry) {
        byte[] name = entry.pseudonym().raw();
        add(Bytes.getU64(name, 0), Bytes.getU64(name, 8), entry.until());
    }

    void addAll(RevokedPseudonyms others) {
        for (int at = 0; at < others.until.length; at++) {
            add(others.high[at], others.low[at], others.until[at]);
        }
    }

    /** Forgets what mattered before this time in epoch seconds only. */
    void removeEndedBefore(long time) {
        if (Arrays.stream(until).noneMatch(end -> end != 0 && end < time)) {
            return;
        }
        rebuild(LEAST, time);
    }

    private void add(long first, long second, long end) {
        if (end == 0) {
            return;
        }
        int at = place(first, second);
        if (until[at] != 0) {
            until[at] = Math.max(until[at], end);
            return;
        }
        high[at] = first;
        low[at] = second;
        until[at] = end;
        size++;
        if (size > until.length / 4 * 3) {
            rebuild(until.length * 2, 0);
        }
    }

    private void rebuild(int places, long from) {
        long[] oldHigh = high;
        long[] oldLow = low;
        long[] oldUntil = until;
        high = new long[places];
        low = new long[places];
        until = new long[places];
        size = 0;
        for (int at = 0; at < oldUntil.length; at++) {
            if (oldUntil[at] >= from) {
                add(oldHigh[at], oldLow[at], oldUntil[at]);
            }
        }
    }

    /** Where this pseudonym is, or else where it would go. There is always a free place. */
    private int place(long first, long second) {
        int mask = until.length - 1;
        int at = (int) (first ^ second) & mask;
        while (until[at] != 0 && (high[at] != first || low[at] != second)) {
            at = (at + 1) & mask;
        }
        return at;
    }
}
