package io.ferrymesh.stores.writing;

import io.ferrymesh.stores.StagedObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which bytes of an object have been claimed by writers, and how many of each segment are written. A write starts a segment or
 * goes on where one before it ended, so that there are never more ranges than segments being written. Grows with what is
 * written, not with the size. Not safe for concurrent use.
 */
public final class WrittenRanges {

    /** What different threads may write at once. */
    public static final long SEGMENT_BYTES = StagedObject.SEGMENT_BYTES;

    private final long size;
    private final TreeMap<Long, Long> ends = new TreeMap<>();
    private final Map<Long, Integer> written = new HashMap<>();

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

    /** Takes note that bytes which were claimed are written. */
    public void written(long position, int length) {
        long at = position;
        long end = position + length;
        while (at < end) {
            long segment = at / SEGMENT_BYTES;
            int count = (int) (Math.min(end, (segment + 1) * SEGMENT_BYTES) - at);
            written.merge(segment, count, Integer::sum);
            at += count;
        }
    }

    /** Takes a whole segment for claimed and written. */
    public void keep(int segment) {
        claim(segment * SEGMENT_BYTES, lengthOf(segment));
        written(segment * SEGMENT_BYTES, lengthOf(segment));
    }

    /** Bytes of a segment; 0 for one that the object does not have. */
    public int lengthOf(long segment) {
        return segment < 0 || segment > size / SEGMENT_BYTES
                ? 0
                : (int) Math.min(SEGMENT_BYTES, size - segment * SEGMENT_BYTES);
    }

    /** Whether all bytes of a segment are written. */
    public boolean isWhole(long segment) {
        int length = lengthOf(segment);
        return length > 0 && written.getOrDefault(segment, 0) == length;
    }

    /** The segments that are whole, in order. */
    public List<Integer> whole() {
        return written.keySet().stream()
                .filter(segment -> segment <= Integer.MAX_VALUE && isWhole(segment))
                .map(Long::intValue)
                .sorted()
                .toList();
    }

    /** Forgets a segment, which can be claimed again from its start, and gives how many bytes of it were written. */
    public int forget(long segment) {
        if (lengthOf(segment) == 0) {
            return 0;
        }
        long start = segment * SEGMENT_BYTES;
        long end = start + lengthOf(segment);
        Map.Entry<Long, Long> across = ends.lowerEntry(start);
        if (across != null && across.getValue() > start) {
            ends.put(across.getKey(), start);
            keepAfter(end, across.getValue());
        }
        Map<Long, Long> within = ends.subMap(start, end);
        long last = within.values().stream().mapToLong(each -> each).max().orElse(end);
        within.clear();
        keepAfter(end, last);
        Integer bytes = written.remove(segment);
        return bytes == null ? 0 : bytes;
    }

    private void keepAfter(long end, long last) {
        if (last > end) {
            ends.put(end, last);
        }
    }
}
