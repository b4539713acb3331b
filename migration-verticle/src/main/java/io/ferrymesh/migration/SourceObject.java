package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.stores.ObjectInfo;

/** An object the source has listed and whose outcome it does not know yet. */
final class SourceObject {

    private final long index;
    private final ObjectInfo info;
    private final Segments segments;
    private int nextSegment;
    private volatile boolean withBytes;
    private boolean asked;
    private volatile boolean abandoned;

    SourceObject(long index, ObjectInfo info) {
        this.index = index;
        this.info = info;
        this.segments = new Segments(info.size());
    }

    long index() {
        return index;
    }

    ObjectInfo info() {
        return info;
    }

    Segments segments() {
        return segments;
    }

    /** Whether the destination wants its bytes, or only its digests. */
    boolean withBytes() {
        return withBytes;
    }

    /** Takes the destination's wish, once. Lane worker only. */
    void ask(boolean wanted) {
        if (asked) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "object " + index + " is asked for twice");
        }
        asked = true;
        withBytes = wanted;
    }

    /** Whether sending the rest is pointless. */
    boolean abandoned() {
        return abandoned;
    }

    void abandon() {
        abandoned = true;
    }

    /** The next segment to send, or -1. Only from {@link SegmentQueue}. */
    int takeSegment() {
        return abandoned || nextSegment == segments.count() ? -1 : nextSegment++;
    }
}
