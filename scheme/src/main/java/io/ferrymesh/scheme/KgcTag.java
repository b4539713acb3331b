package io.ferrymesh.scheme;

import java.util.Arrays;

/** The first four bytes of SHA-256(P): which key centre a certificate says it is from. A hint, not a proof. */
public final class KgcTag extends FixedBytes {

    /** Bytes in a tag. */
    public static final int LENGTH = 4;

    private KgcTag(byte[] value) {
        super(value, LENGTH);
    }

    /** The tag of exactly four bytes. */
    public static KgcTag of(byte[] value) {
        return new KgcTag(value);
    }

    static KgcTag of(Digest fingerprint) {
        return new KgcTag(Arrays.copyOf(fingerprint.raw(), LENGTH));
    }
}
