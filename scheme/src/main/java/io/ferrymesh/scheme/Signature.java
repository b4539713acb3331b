package io.ferrymesh.scheme;

/** A signature of the scheme, {@code A ‖ b}, 65 bytes. Scheme, Signatures. */
public final class Signature extends FixedBytes {

    /** Bytes in a signature. */
    public static final int LENGTH = Point.LENGTH + P256.SCALAR_LENGTH;

    private Signature(byte[] value) {
        super(value, LENGTH);
    }

    /** The signature of exactly 65 bytes, not yet verified in any way. */
    public static Signature of(byte[] value) {
        return new Signature(value);
    }
}
