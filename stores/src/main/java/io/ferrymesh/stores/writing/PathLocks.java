package io.ferrymesh.stores.writing;

import io.ferrymesh.stores.ObjectPath;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Keeps those who look at an object and then change it apart from everybody else who changes it, in this process. Shared by
 * all open stores: two may be over the same root. Nobody holds two of these at once.
 */
public final class PathLocks {

    private static final ReadWriteLock[] STRIPES = new ReadWriteLock[256];

    static {
        for (int i = 0; i < STRIPES.length; i++) {
            STRIPES[i] = new ReentrantReadWriteLock();
        }
    }

    private PathLocks() {}

    /** For a change that is one step whatever is there. */
    public static Lock forOneStep(ObjectPath path) {
        return of(path).readLock();
    }

    /** For a look and the change that rests on it. */
    public static Lock forLookAndChange(ObjectPath path) {
        return of(path).writeLock();
    }

    private static ReadWriteLock of(ObjectPath path) {
        return STRIPES[Math.floorMod(path.hashCode(), STRIPES.length)];
    }
}
