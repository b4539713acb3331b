package io.ferrymesh.kgc.api;

import io.ferrymesh.scheme.Digest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Makes addresses that send bad tokens wait: a few are free, then each doubles the wait. Tokens that were good lately pass
 * all the same, so that one bad client behind a proxy, or on this machine, shuts nobody out. Both memories are bounded; the
 * longest unused goes first. Event loop only.
 */
final class LoginThrottle {

    static final int FREE = 5;
    static final long LONGEST_SECONDS = 60;
    static final long FORGOTTEN_AFTER_SECONDS = 600;
    static final int MAX_ADDRESSES = 4_096;
    static final int MAX_TOKENS = 256;

    private record Failures(int count, long last) {}

    private final Map<String, Failures> addresses = bounded(MAX_ADDRESSES);
    private final Set<Digest> good = Collections.newSetFromMap(bounded(MAX_TOKENS));

    /** How long this address must wait before this token is looked at; 0 for not at all. */
    long waitSeconds(String address, Digest token, long nowSeconds) {
        Failures failures = addresses.get(address);
        if (failures == null || good.contains(token)) {
            return 0;
        }
        return Math.max(0, failures.last() + delay(failures.count()) - nowSeconds);
    }

    void failed(String address, Digest token, long nowSeconds) {
        good.remove(token);
        Failures before = addresses.get(address);
        int count = before == null || nowSeconds - before.last() > FORGOTTEN_AFTER_SECONDS ? 0 : before.count();
        addresses.put(address, new Failures(Math.min(count + 1, 1_000), nowSeconds));
    }

    void succeeded(Digest token) {
        good.add(token);
    }

    int addresses() {
        return addresses.size();
    }

    private static long delay(int failures) {
        return failures < FREE ? 0 : Math.min(LONGEST_SECONDS, 1L << Math.min(failures - FREE, 10));
    }

    private static <K, V> Map<K, V> bounded(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }
}
