package io.ferrymesh.kgc;

import java.util.Map;
import java.util.TreeMap;

/** What the registry keeps of one provider. Guarded by {@link KgcRegistry}. */
final class ProviderRecord {

    final Provider provider;
    boolean revoked;
    private long epoch = -1;
    private int inEpoch;
    /** Serial number to end of validity in epoch seconds; at most the quota of the epochs a validity spans. */
    private final TreeMap<Long, Long> unexpired = new TreeMap<>();

    ProviderRecord(Provider provider) {
        this.provider = provider;
    }

    /** Whether so many more fit this epoch's quota. */
    boolean fits(int count, int quota, long currentEpoch) {
        return count <= quota - (epoch == currentEpoch ? inEpoch : 0);
    }

    /** Charges the quota. */
    void charge(int count, long currentEpoch) {
        inEpoch = count + (epoch == currentEpoch ? inEpoch : 0);
        epoch = currentEpoch;
    }

    /** Forgets what has expired. */
    void prune(long now) {
        unexpired.values().removeIf(end -> end < now);
    }

    void issued(long serial, long notAfter) {
        unexpired.put(serial, notAfter);
    }

    /** Serial numbers with the ends of their validity. */
    Map<Long, Long> unexpired(long now) {
        prune(now);
        return Map.copyOf(unexpired);
    }
}
