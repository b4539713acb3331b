package io.ferrymesh.stores.retry;

import io.ferrymesh.stores.StoreError;

/** Hears of every further attempt, to count it. Called on the thread that had the failure; must not block or throw. */
public interface RetryListener {

    /** Counts nothing. */
    RetryListener NONE = (operation, error) -> {};

    /**
     * Something is about to be tried again.
     *
     * @param operation one of a small set of names, such as {@code read}; never an object's path
     * @param error how the attempt before ended
     */
    void retrying(String operation, StoreError error);
}
