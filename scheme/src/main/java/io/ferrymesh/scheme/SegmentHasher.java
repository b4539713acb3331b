package io.ferrymesh.scheme;

import java.security.MessageDigest;

/** Hashes one segment of an object. Segments are independent and may be hashed in parallel. Not thread-safe. */
public final class SegmentHasher {

    /** Bytes in a segment of version 1; only the last one of an object is shorter. */
    public static final int SEGMENT_BYTES = 16 * 1024 * 1024;

    private final MessageDigest sha = CryptoProvider.active().newSha256();
    private final int segmentBytes;
    private int length;

    /** A hasher of one segment of at most {@link #SEGMENT_BYTES}. */
    public SegmentHasher() {
        this(SEGMENT_BYTES);
    }

    /** A hasher of one segment of at most this many bytes. */
    public SegmentHasher(int segmentBytes) {
        if (segmentBytes <= 0) {
            throw new IllegalArgumentException("segmentBytes must be > 0: " + segmentBytes);
        }
        this.segmentBytes = segmentBytes;
    }

    /** Adds bytes; IllegalArgumentException if they do not fit the segment. */
    public void update(byte[] bytes, int off, int len) {
        if (len > space()) {
            throw new IllegalArgumentException("a segment has at most " + segmentBytes + " bytes");
        }
        sha.update(bytes, off, len);
        length += len;
    }

    /** How many bytes still fit. */
    public int space() {
        return segmentBytes - length;
    }

    /** The segment's digest; the hasher is then ready for the next segment. */
    public Digest finish() {
        length = 0;
        return Digest.of(sha.digest());
    }
}
