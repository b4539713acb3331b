package io.ferrymesh.scheme;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Combines the digests of an object's segments, given in order, into the object's: the segment's own if there is one, the
 * SHA-256 of all of them joined if there are more. Constant memory. Scheme, Objects and receipts.
 */
public final class SegmentCombiner {

    private final MessageDigest sha = CryptoProvider.active().newSha256();
    private @Nullable Digest first;
    private long count;

    /** Adds the next segment's digest. */
    public void add(Digest segment) {
        if (count == 0) {
            first = segment;
        }
        sha.update(segment.raw());
        count++;
    }

    /** Segments so far. */
    public long count() {
        return count;
    }

    /** The object's digest; without any segment, that of the empty object. The combiner then starts again. */
    public Digest finish() {
        Digest joined = Digest.of(sha.digest());
        Digest single = first;
        boolean one = count == 1;
        first = null;
        count = 0;
        return one && single != null ? single : joined;
    }
}
