package io.ferrymesh.provider.work;

import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.stores.ObjectPath;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Makes those wait for each other who replace or delete the same object of an account in this process. Any thread. */
final class PathLocks {

    private final Map<Key, Shared> locks = new ConcurrentHashMap<>();

    /** An object. */
    record Key(AccountId account, ObjectPath path) {}

    /** A lock that is forgotten with the last who wants it. */
    private static final class Shared {
        final ReentrantLock lock = new ReentrantLock();
        int wanted; // changed while its entry is
    }

    /** Waits until nobody else has any of them; what it returns is to be given to {@link #unlock}. */
    List<Key> lock(AccountId account, Collection<ObjectPath> paths) {
        // in order, so that nobody waits for somebody who waits
        List<Key> keys = new TreeSet<>(paths)
                .stream().map(path -> new Key(account, path)).toList();
        keys.forEach(key -> want(key).lock.lock());
        return keys;
    }

    void unlock(List<Key> keys) {
        for (Key key : keys) {
            Objects.requireNonNull(locks.get(key)).lock.unlock();
            Shared unused = locks.computeIfPresent(key, (k, shared) -> --shared.wanted == 0 ? null : shared);
        }
    }

    private Shared want(Key key) {
        return Objects.requireNonNull(locks.compute(key, (k, before) -> {
            Shared shared = before == null ? new Shared() : before;
            shared.wanted++;
            return shared;
        }));
    }
}
