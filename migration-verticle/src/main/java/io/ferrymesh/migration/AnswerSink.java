package io.ferrymesh.migration;

import java.util.Iterator;
import java.util.List;

/** Takes what the destination has to say to the source. Any thread. */
@FunctionalInterface
interface AnswerSink {

    /** Takes records that belong together. They are made only when there is room for them, on a lane worker. */
    void add(Iterator<byte[]> records);

    /** Takes one record. */
    default void add(byte[] record) {
        add(List.of(record).iterator());
    }
}
