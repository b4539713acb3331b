package io.ferrymesh.migration;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.SegmentHasher;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.Optional;

/** Reads a segment of what the destination has in its store. */
final class StoredSegment {

    private StoredSegment() {}

    /** Its digest; empty when the object is shorter by now. */
    static Optional<Digest> read(ObjectReader from, Segments segments, int segment) throws StoreException {
        SegmentHasher hasher = new SegmentHasher();
        byte[] buffer = new byte[64 << 10];
        long position = segments.start(segment);
        int left = segments.length(segment);
        while (left > 0) {
            int read = from.read(position, buffer, 0, Math.min(left, buffer.length));
            if (read <= 0) {
                return Optional.empty();
            }
            hasher.update(buffer, 0, read);
            position += read;
            left -= read;
        }
        return Optional.of(hasher.finish());
    }

    /** Its digest. Fails with EXISTS when the object is shorter by now: something else is there. */
    static Digest hash(ObjectReader from, Segments segments, int segment) throws StoreException {
        return read(from, segments, segment)
                .orElseThrow(() -> new StoreException(
                        StoreError.EXISTS,
                        "the object changed while it was compared: "
                                + from.info().path()));
    }
}
