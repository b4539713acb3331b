package io.ferrymesh.scheme;

/** Hashes an object as it streams by, in constant memory. Not thread-safe. Scheme, Objects and receipts. */
public final class ObjectHasher {

    private final SegmentHasher segment;
    private final SegmentCombiner combiner = new SegmentCombiner();
    private boolean pending;

    /** A hasher with the segments of version 1. */
    public ObjectHasher() {
        this(SegmentHasher.SEGMENT_BYTES);
    }

    /** A hasher with segments of this size. */
    public ObjectHasher(int segmentBytes) {
        this.segment = new SegmentHasher(segmentBytes);
    }

    /** Adds the object's next bytes. */
    public void update(byte[] bytes, int off, int len) {
        int from = off;
        int left = len;
        while (left > 0) {
            int part = Math.min(left, segment.space());
            segment.update(bytes, from, part);
            pending = true;
            from += part;
            left -= part;
            if (segment.space() == 0) {
                endSegment();
            }
        }
    }

    /** The object's digest; the hasher is then ready for the next object. */
    public Digest finish() {
        if (pending) {
            endSegment();
        }
        return combiner.finish();
    }

    private void endSegment() {
        combiner.add(segment.finish());
        pending = false;
    }
}
