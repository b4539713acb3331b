package io.ferrymesh.scheme;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A set of revoked pseudonyms, each with the last second in which it matters: open addressing in three arrays, 32 to
 * 64 bytes an entry. Pages of the log come from anybody and are entered before the chain can tell that they are forged, so
 * where an entry goes depends on numbers that are drawn anew for each set: nobody can choose pseudonyms that crowd. Not
 * thread-safe.
 */
final class RevokedPseudonyms {

    private static final int LEAST = 64;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final long first = RANDOM.nextLong() | 1;
    private final long second = RANDOM.nextLong() | 1;

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
        int places = placesFor(size + others.size);
        if (places > until.length) {
            rebuild(places, 0);
        }
        for (int at = 0; at < others.until.length; at++) {
            add(others.high[at], others.low[at], others.until[at]);
        }
    }

    /** How many there would be with those of others, but for what mattered before this time in epoch seconds only. */
    long sizeWith(RevokedPseudonyms others, long time) {
        long count = Arrays.stream(until).filter(end -> end != 0 && end >= time).count();
        for (int at = 0; at < others.until.length; at++) {
            long end = others.until[at];
            if (end != 0 && end >= time && until[place(others.high[at], others.low[at])] < time) {
                count++;
            }
        }
        return count;
    }

    /** Forgets what mattered before this time in epoch seconds only. */
    void removeEndedBefore(long time) {
        int ended =
                (int) Arrays.stream(until).filter(end -> end != 0 && end < time).count();
        if (ended > 0) {
            rebuild(placesFor(size - ended), time);
        }
    }

    private void add(long one, long other, long end) {
        if (end == 0) {
            return;
        }
        int at = place(one, other);
        if (until[at] != 0) {
            until[at] = Math.max(until[at], end);
            return;
        }
        high[at] = one;
        low[at] = other;
        until[at] = end;
        size++;
        if (size > until.length / 4 * 3) {
            rebuild(until.length * 2, 0);
        }
    }

    /** With room for all from the start: entries that come in the order of their places crowd a set that grows on the way. */
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

    private static int placesFor(int entries) {
        int places = LEAST;
        while (entries > places / 4 * 3) {
            places *= 2;
        }
        return places;
    }

    /** Where this pseudonym is, or else where it would go. There is always a free place. */
    private int place(long one, long other) {
        int mask = until.length - 1;
        int at = hash(one, other) & mask;
        while (until[at] != 0 && (high[at] != one || low[at] != other)) {
            at = (at + 1) & mask;
        }
        return at;
    }

    /** The products' upper halves, in which every bit of a pseudonym has its part. */
    private int hash(long one, long other) {
        long mixed = Math.multiplyHigh(one ^ second, first) ^ ((one ^ second) * first);
        mixed ^= other;
        mixed = Math.multiplyHigh(mixed ^ first, second) ^ ((mixed ^ first) * second);
        return (int) (mixed ^ (mixed >>> 32));
    }
}
