package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.ObjectDigest;
import io.ferrymesh.scheme.SegmentHasher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The segments of one object and their digests. An empty object has one empty segment. Memory grows with the segments that
 * have come, not with the size that somebody claims. Any thread.
 */
final class Segments {

    static final int BYTES = SegmentHasher.SEGMENT_BYTES;

    /** The largest object there can be: 32 PiB. */
    static final long MAX_OBJECT_BYTES = (long) Integer.MAX_VALUE * BYTES;

    private final long size;
    private final int count;
    private final Set<Integer> begun = new HashSet<>();
    private final Map<Integer, Digest> digests = new HashMap<>();

    Segments(long size) {
        if (size > MAX_OBJECT_BYTES) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "an object of " + size + " bytes");
        }
        this.size = size;
        this.count = (int) Math.max(1, (size + BYTES - 1) / BYTES);
    }

    int count() {
        return count;
    }

    /** Where a segment starts in its object. */
    long start(int segment) {
        return (long) segment * BYTES;
    }

    /** How many bytes a segment has. */
    int length(int segment) {
        return (int) Math.min(BYTES, size - start(segment));
    }

    /** Whether a segment is claimed. */
    synchronized boolean isBegun(int segment) {
        return begun.contains(segment);
    }

    /** Whether every segment has a digest. */
    synchronized boolean isComplete() {
        return digests.size() == count;
    }

    /** Forgets them all. */
    synchronized void clear() {
        begun.clear();
        digests.clear();
    }

    /** Claims a segment. Refuses one that does not exist or was claimed before. */
    synchronized void begin(int segment) {
        if (segment >= count || !begun.add(segment)) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "segment " + segment + " comes twice or does not exist");
        }
    }

    /**
     * Enters a segment's digest, once.
     *
     * @return whether it was the last one missing; so of several lanes, one learns that the object is complete
     */
    synchronized boolean enter(int segment, Digest digest) {
        digests.put(segment, digest);
        return digests.size() == count;
    }

    /** The object's digest. Only once every segment has one. */
    synchronized Digest digest() {
        if (digests.size() != count) {
            throw new IllegalStateException(count - digests.size() + " segments are missing");
        }
        List<Digest> inOrder = new ArrayList<>(count);
        for (int segment = 0; segment < count; segment++) {
            inOrder.add(digests.get(segment));
        }
        return ObjectDigest.ofSegments(inOrder);
    }
}
