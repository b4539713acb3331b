package io.ferrymesh.migration;

import io.ferrymesh.stores.ObjectStore;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the objects of one session share at the destination.
 *
 * @param open counts the objects that are begun and not complete
 * @param begunBytes sizes of the objects of several segments that were ever begun
 */
record Place(ObjectStore store, Journal journal, InstantSource clock, AtomicInteger open, AtomicLong begunBytes) {

    Place(ObjectStore store, Journal journal, InstantSource clock) {
        this(store, journal, clock, new AtomicInteger(), new AtomicLong());
    }
}
