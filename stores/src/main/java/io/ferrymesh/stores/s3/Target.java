package io.ferrymesh.stores.s3;

import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.StagedObject;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * What a staged object is to become.
 *
 * @param publication the name of this publication, in its metadata
 * @param partSize of its parts; one that is no larger goes in one request
 */
record Target(
        ObjectInfo info,
        String key,
        String contentType,
        Map<String, String> metadata,
        String publication,
        int partSize) {

    boolean isSinglePart() {
        return info.size() <= partSize;
    }

    /** The part, from 0, that a byte is in. */
    int partOf(long position) {
        return (int) (position / partSize);
    }

    /** Where a part ends. */
    long end(int part) {
        return Math.min(info.size(), (part + 1L) * partSize);
    }

    /** Bytes of a part; 0 or less for one that the object does not have. */
    long lengthOf(int part) {
        return end(part) - (long) part * partSize;
    }

    /** The parts of a segment; none of one that the object does not have. */
    List<Integer> partsOf(int segment) {
        long each = StagedObject.SEGMENT_BYTES / partSize;
        long end = Math.min((segment + 1L) * each, (info.size() + partSize - 1) / partSize);
        return LongStream.range(Math.max(0, segment * each), end)
                .mapToObj(Math::toIntExact)
                .toList();
    }

    /** Something of another length than a part's own. */
    Buffer placeholder(int part) {
        return HeapBuffer.of(new byte[lengthOf(part) == 1 ? 2 : 1]);
    }
}
