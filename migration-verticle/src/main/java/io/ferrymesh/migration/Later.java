package io.ferrymesh.migration;

/** Runs things after a while. */
@FunctionalInterface
interface Later {

    /** Runs {@code task} once {@code delayMs}, at least 1, have passed; not on this thread, and it may not block. */
    void after(long delayMs, Runnable task);
}
