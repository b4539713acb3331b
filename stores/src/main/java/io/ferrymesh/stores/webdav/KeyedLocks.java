package io.ferrymesh.stores.webdav;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/** A lock for each key, so that whoever holds one for long keeps nobody waiting who wants another. Any thread. */
final class KeyedLocks {

    private final Map<String, Shared> locks = new ConcurrentHashMap<>();

    /** A lock that is forgotten with the last who wants it. */
    private static final class Shared {
        final ReadWriteLock lock = new ReentrantReadWriteLock();
        int wanted; // changed while its entry is
    }

    /** What somebody holds. */
    interface Held {

        /** In the thread that asked for it. */
        void letGo();
    }

    /** With others who share it. */
    Held shared(String key) {
        return held(key, ReadWriteLock::readLock);
    }

    /** Without any other. */
    Held alone(String key) {
        return held(key, ReadWriteLock::writeLock);
    }

    private Held held(String key, Function<ReadWriteLock, Lock> how) {
        Shared shared = locks.compute(key, (same, there) -> {
            Shared one = there == null ? new Shared() : there;
            one.wanted++;
            return one;
        });
        Lock lock = how.apply(shared.lock);
        lock.lock();
        return () -> {
            lock.unlock();
            Shared unused = locks.computeIfPresent(key, (same, there) -> --there.wanted == 0 ? null : there);
        };
    }
}
