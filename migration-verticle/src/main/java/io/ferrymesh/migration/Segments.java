package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.ObjectDigest;
import io.ferrymesh.scheme.SegmentHasher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The segments of one object and their digests: 32 bytes for every 16 MiB. An empty object has one empty segment. Any
 * thread.
 */
final class Segments {

    static final int BYTES = SegmentHasher.SEGMENT_BYTES;

    private final long size;
    private final Digest[] digests;
    private final BitSet begun = new BitSet();
    private int missing;

    Segments(long size) {
        long count = Math.max(1, (size + BYTES - 1) / BYTES);
        if (count > Integer.MAX_VALUE) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "an object of " + size + " bytes");
        }
        this.size = size;
        this.digests = new Digest[(int) count];
        this.missing = (int) count;
    }

    int count() {
        return digests.length;
    }

    /** Where a segment starts in its object. */
    long start(int segment) {
        return (long) segment * BYTES;
    }

    /** How many bytes a segment has. */
    int length(int segment) {
        return (int) Math.min(BYTES, size - start(segment));
    }

    /** Claims a segment. Refuses one that does not exist or was claimed before. */
    synchronized void begin(int segment) {
        if (segment >= digests.length || begun.get(segment)) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "segment " + segment + " comes twice or does not exist");
        }
        begun.set(segment);
    }

    /**
     * Enters a segment's digest, once.
     *
     * @return whether it was the last one missing; so of several lanes, one learns that the object is complete
     */
    synchronized boolean enter(int segment, Digest digest) {
        digests[segment] = digest;
        missing--;
        return missing == 0;
    }

    /** The object's digest. Only once every segment is complete. */
    synchronized Digest digest() {
        if (missing != 0) {
            throw new IllegalStateException(missing + " segments are missing");
        }
        List<Digest> all = new ArrayList<>(Arrays.asList(digests));
        return ObjectDigest.ofSegments(all);
    }
}
