package io.ferrymesh.scheme;

import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.math.ec.ECPoint;

/** A point of P-256 that is on the curve and not infinity, with its 33-byte compressed form. Scheme, Notation. */
public final class Point {

    /** Bytes in a compressed point. */
    public static final int LENGTH = 33;

    private final ECPoint point;
    private final byte[] encoded;

    private Point(ECPoint point, byte[] encoded) {
        this.point = point;
        this.encoded = encoded;
    }

    /** Decodes 33 bytes; a wrong length, prefix, x ≥ p, a point off the curve and infinity are malformed. */
    public static Point decode(byte[] encoded) {
        requireForm(encoded);
        try {
            return new Point(P256.decompress(encoded), encoded.clone());
        } catch (IllegalArgumentException e) {
            throw new MalformedException("a point is not on the curve");
        }
    }

    /** Checks length and prefix only, which costs no arithmetic. */
    static void requireForm(byte[] encoded) {
        if (encoded.length != LENGTH || (encoded[0] != 2 && encoded[0] != 3)) {
            throw new MalformedException("a point is 33 bytes that begin with 02 or 03");
        }
    }

    /** The result of arithmetic; infinity is malformed. */
    static Point of(ECPoint computed) {
        if (computed.isInfinity()) {
            throw new MalformedException("a point is infinity");
        }
        ECPoint normal = computed.normalize();
        return new Point(normal, normal.getEncoded(true));
    }

    ECPoint ec() {
        return point;
    }

    /** A copy of the compressed form. */
    public byte[] encoded() {
        return encoded.clone();
    }

    /** The 32-byte x-coordinate. */
    byte[] x() {
        return Arrays.copyOfRange(encoded, 1, LENGTH);
    }

    /** The 65-byte uncompressed form. */
    byte[] uncompressed() {
        return point.getEncoded(false);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Point that && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(encoded);
    }
}
