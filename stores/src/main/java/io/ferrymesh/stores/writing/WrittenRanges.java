package io.ferrymesh.stores.writing;

import java.util.Map;
import java.util.TreeMap;

/**
 * Which bytes of an object have been claimed by writers. A write starts a segment or goes on where one before it ended, so
 * that there are never more ranges than segments being written. Not safe for concurrent use.
 */
public final class WrittenRanges {

    /** What different threads may write at once. */
    public static final long SEGMENT_BYTES = 16L << 20;

    private final long size;
    private final TreeMap<Long, Long> ends = new TreeMap<>();

    /** Nothing written yet of so many bytes. */
    public WrittenRanges(long size) {
        this.size = size;
    }

    /**
     * Claims bytes for writing.
     *
     * @throws IllegalArgumentException when they are claimed already, past the end or out of order
     */
    public void claim(long position, int length) {
        if (position < 0 || length > size - position) {
            throw new IllegalArgumentException("bytes past the announced " + size);
        }
        long end = position + length;
        Map.Entry<Long, Long> before = ends.floorEntry(position);
        Map.Entry<Long, Long> after = ends.higherEntry(position);
        if ((before != null && before.getValue() > position) || (after != null && after.getKey() < end)) {
            throw new IllegalArgumentException("bytes at " + position + " were written before");
        }
        boolean extendsBefore = before != null && before.getValue() == position;
        if (!extendsBefore && position % SEGMENT_BYTES != 0) {
            throw new IllegalArgumentException("bytes at " + position + " come before those in front of them");
        }
        if (after != null && after.getKey() == end) {
            end = after.getValue();
            ends.remove(after.getKey());
        }
        ends.put(extendsBefore ? before.getKey() : position, end);
    }
}
