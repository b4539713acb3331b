package io.ferrymesh.migration;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The segments that wait to be sent, in the order the destination asked. Bounded by {@link Ledger#WINDOW} objects, since one that
 * is decided or has another round leaves; a large object is one entry however many segments it has, and its segments go to
 * whichever lane is free. Any thread.
 */
final class SegmentQueue {

    private final Map<Long, SourceObject> objects = new LinkedHashMap<>(); // by index
    private boolean ended;

    /** One segment of one object. */
    record Task(SourceObject object, int segment) {}

    synchronized void add(SourceObject object) {
        SourceObject unused = objects.put(object.index(), object);
    }

    /** This round of an object is over. */
    synchronized void remove(SourceObject object) {
        boolean unused = objects.remove(object.index(), object);
    }

    /** How many objects wait. */
    synchronized int size() {
        return objects.size();
    }

    synchronized Optional<Task> poll() {
        Iterator<SourceObject> inOrder = objects.values().iterator();
        while (inOrder.hasNext()) {
            SourceObject object = inOrder.next();
            int segment = object.takeSegment();
            if (segment >= 0) {
                return Optional.of(new Task(object, segment));
            }
            inOrder.remove();
        }
        return Optional.empty();
    }

    /** Nothing will be added any more. */
    synchronized void end() {
        ended = true;
    }

    synchronized boolean ended() {
        return ended && objects.isEmpty();
    }
}
