package io.ferrymesh.migration;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * The segments that wait to be sent, in the order the destination asked. Bounded by {@link Ledger#WINDOW} objects; a large
 * object is one entry however many segments it has, and its segments go to whichever lane is free. Any thread.
 */
final class SegmentQueue {

    private final Queue<SourceObject> objects = new ArrayDeque<>();
    private boolean ended;

    /** One segment of one object. */
    record Task(SourceObject object, int segment) {}

    synchronized void add(SourceObject object) {
        objects.add(object);
    }

    synchronized Optional<Task> poll() {
        SourceObject object;
        while ((object = objects.peek()) != null) {
            int segment = object.takeSegment();
            if (segment >= 0) {
                return Optional.of(new Task(object, segment));
            }
            objects.remove();
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
