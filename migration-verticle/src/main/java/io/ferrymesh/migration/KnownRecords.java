package io.ferrymesh.migration;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** What is said of an object that arrived in an earlier run, a part at a time, so that a large one is never in memory whole. */
final class KnownRecords implements Iterator<byte[]> {

    private final long index;
    private final Arrived arrived;
    private final Journal journal;
    private final int count;
    private int next;

    KnownRecords(long index, Arrived arrived, Journal journal) {
        this.index = index;
        this.arrived = arrived;
        this.journal = journal;
        this.count = new Segments(arrived.listed().size()).count();
    }

    @Override
    public boolean hasNext() {
        return next < count;
    }

    @Override
    public byte[] next() {
        List<SafeSegment> segments = some(arrived, journal, next);
        if (!hasNext() || segments.isEmpty()) {
            throw new NoSuchElementException(
                    "the journal has no segment " + next + " of object " + index + " any more");
        }
        byte[] record = Records.known(index, arrived.stored(), next, segments);
        next += segments.size();
        return record;
    }

    /** Some of an object's segments, from one on. */
    static List<SafeSegment> some(Arrived arrived, Journal journal, int from) {
        return arrived.voucher()
                .map(voucher -> List.of(new SafeSegment(0, arrived.digest(), voucher)))
                .orElseGet(() -> journal.segments(arrived.listed().path(), from, Records.MOST_SEGMENTS));
    }
}
