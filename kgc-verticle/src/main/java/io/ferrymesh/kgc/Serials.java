package io.ferrymesh.kgc;

import io.ferrymesh.database.Database;
import io.ferrymesh.kgc.registry.Heads;
import java.time.Instant;

/**
 * Serial numbers for certificates, each given once. A node takes them from the database in blocks, which are gone when it stops
 * or crashes: numbers are skipped, never used again. Any thread; waits for the database only when a block is used up.
 */
final class Serials {

    /** How many a serving node takes at once. */
    static final int BLOCK = 100_000;

    private final Database database;
    private final int block;
    private long next;
    private long end;

    Serials(Database database, int block) {
        this.database = database;
        this.block = block;
    }

    /** The first of so many consecutive ones. */
    synchronized long take(int count) {
        if (end - next < count) {
            int size = Math.max(block, count);
            end = 1
                    + database.transaction(handle ->
                            Heads.advance(handle, Heads.Name.SERIAL, size).number());
            next = end - size;
        }
        long first = next;
        next += count;
        return first;
    }

    /** Higher than any serial that can have been given out by then: a million fit every millisecond. */
    static long floor(Instant now) {
        return now.toEpochMilli() << 20;
    }
}
