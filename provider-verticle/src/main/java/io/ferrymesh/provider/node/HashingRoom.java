package io.ferrymesh.provider.node;

import io.ferrymesh.provider.config.ProviderConfig.Accounts;

/** Sees to it that passwords can be hashed with the memory there is. */
final class HashingRoom {

    private HashingRoom() {}

    /**
     * Refuses a configuration with which as many passwords as may be hashed at once would take more than half of the heap: the
     * process would run out of memory when that many users log in, and not before. IllegalArgumentException says what would be
     * right.
     */
    static void require(Accounts accounts, long heapBytes) {
        long needed = 1_024L * accounts.argon2MemoryKib() * accounts.argon2AtOnce();
        if (needed > heapBytes / 2) {
            throw new IllegalArgumentException(
                    "accounts.argon2.memoryKib times accounts.argon2.atOnce must be at most half"
                            + " of the heap, which is " + heapBytes / 1_024 + " KiB: " + accounts.argon2MemoryKib()
                            + " times "
                            + accounts.argon2AtOnce() + " is " + needed / 1_024
                            + " KiB; lower one of them, or give the process more (-Xmx, or the container's memory)");
        }
    }
}
