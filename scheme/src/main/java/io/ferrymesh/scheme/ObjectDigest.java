package io.ferrymesh.scheme;

import java.util.List;

/** An object's digest from those of its segments. Scheme, Objects and receipts. */
public final class ObjectDigest {

    private ObjectDigest() {}

    /** The digest of the object with these segments, in order; none at all is the empty object. 32 bytes a segment. */
    public static Digest ofSegments(List<Digest> segments) {
        var combiner = new SegmentCombiner();
        segments.forEach(combiner::add);
        return combiner.finish();
    }
}
