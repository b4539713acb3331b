package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What one end knows by migration id, bounded: where it is full, the oldest that is over is forgotten, and if nothing is over,
 * there is no room. So statuses stay for a while, and memory does not grow with every migration there ever was. Any thread.
 */
final class Roster<V> {

    private final int most;
    private final Predicate<V> over;
    private final Map<String, V> entries = new LinkedHashMap<>();

    Roster(int most, Predicate<V> over) {
        this.most = most;
        this.over = over;
    }

    /** Enters {@code fresh} unless there is an entry by that id, and returns what is there then. Fails with OVERLOADED. */
    synchronized V enter(String id, V fresh) {
        V present = entries.get(id);
        if (present != null) {
            return present;
        }
        if (entries.size() >= most && !forgetOne()) {
            throw new MeshException(ErrorCode.OVERLOADED, "more than " + most + " migrations at once");
        }
        entries.put(id, fresh);
        return fresh;
    }

    /** Puts {@code next} in the place of {@code before}, unless that is not there any more. */
    synchronized boolean replace(String id, V before, V next) {
        return entries.replace(id, before, next);
    }

    synchronized Optional<V> get(String id) {
        return Optional.ofNullable(entries.get(id));
    }

    synchronized void remove(String id) {
        entries.remove(id);
    }

    synchronized List<V> all() {
        return List.copyOf(entries.values());
    }

    private boolean forgetOne() {
        Iterator<V> oldestFirst = entries.values().iterator();
        while (oldestFirst.hasNext()) {
            if (over.test(oldestFirst.next())) {
                oldestFirst.remove();
                return true;
            }
        }
        return false;
    }
}
