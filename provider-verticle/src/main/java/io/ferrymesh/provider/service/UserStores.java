package io.ferrymesh.provider.service;

import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;

/** The objects of each account. */
public interface UserStores {

    /**
     * The account's objects and nothing else. What is published is charged to its space: staging fails with FULL when there is
     * none. Shared by all who ask; closing it does nothing.
     */
    ObjectStore of(Account account);

    /** How much of its space the account uses. */
    Usage usage(Account account);

    /** What an object takes of an account's space: its bytes, and what keeping it costs. */
    long cost(ObjectPath path, long size);

    /**
     * An account's space, in bytes.
     *
     * @param quota the most it may use
     */
    record Usage(long used, long quota) {}
}
