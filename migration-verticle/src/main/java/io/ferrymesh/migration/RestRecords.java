package io.ferrymesh.migration;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** What is said of an object of which some segments are safe. */
final class RestRecords implements Iterator<byte[]> {

    private final long index;
    private final List<SafeSegment> safe;
    private int next;

    RestRecords(long index, List<SafeSegment> safe) {
        this.index = index;
        this.safe = safe;
    }

    @Override
    public boolean hasNext() {
        return next < safe.size();
    }

    @Override
    public byte[] next() {
        if (!hasNext()) {
            throw new NoSuchElementException("every segment of object " + index + " is said");
        }
        int end = Math.min(safe.size(), next + Records.MOST_SEGMENTS);
        byte[] record = Records.wantRest(index, end == safe.size(), safe.subList(next, end));
        next = end;
        return record;
    }
}
