package io.ferrymesh.mesh.direct;

import java.util.HashMap;
import java.util.Map;

/** How many connections there are that have proved nothing yet: a bound for all, and one for each address. Pure; event loop only. */
final class Unproven {

    /** Most at once. */
    static final int MAX = 128;
    /** Most at once from one address. */
    static final int MAX_OF_ADDRESS = 64;

    private final Map<String, Integer> byAddress = new HashMap<>();
    private int all;

    /** Counts one more, if there is room for it. */
    boolean enter(String address) {
        int ofAddress = byAddress.getOrDefault(address, 0);
        if (all >= MAX || ofAddress >= MAX_OF_ADDRESS) {
            return false;
        }
        all++;
        byAddress.put(address, ofAddress + 1);
        return true;
    }

    /** One that entered has proved itself, or is gone. */
    void leave(String address) {
        all--;
        byAddress.computeIfPresent(address, (key, count) -> count > 1 ? count - 1 : null);
    }

    int count() {
        return all;
    }
}
