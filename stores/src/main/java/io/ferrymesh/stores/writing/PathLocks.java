package io.ferrymesh.stores.writing;

import io.ferrymesh.stores.ObjectPath;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Keeps those who look at an object and then change it apart from everybody else who changes it, in this process. One kind
 * of store shares one, as two open stores may be over the same place. Nobody holds two locks of it at once.
 */
public final class PathLocks {

    private static final int STRIPES = 256;

    private final ReadWriteLock[] stripes = new ReadWriteLock[STRIPES];

    /** Nothing locked. */
    public PathLocks() {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new ReentrantReadWriteLock();
        }
    }

    /** For a change that is one step whatever is there. */
    public Lock forOneStep(ObjectPath path) {
        return of(path).readLock();
    }

    /** For a look and the change that rests on it. */
    public Lock forLookAndChange(ObjectPath path) {
        return of(path).writeLock();
    }

    private ReadWriteLock of(ObjectPath path) {
        return stripes[Math.floorMod(path.hashCode(), STRIPES)];
    }
}
