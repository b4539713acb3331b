package io.ferrymesh.scheme;

import java.util.Arrays;
import java.util.HexFormat;

/** The key centre's public key for sealed requests: a P-256 point in the 65-byte form RFC 9180 uses. */
public final class HpkePublicKey {

    /** Bytes in the encoded form. */
    public static final int LENGTH = 65;

    private final byte[] encoded;

    private HpkePublicKey(byte[] encoded) {
        this.encoded = encoded;
    }

    static HpkePublicKey of(Point point) {
        return new HpkePublicKey(point.uncompressed());
    }

    /** Decodes 65 bytes; a wrong length or prefix and a point that is not on the curve are malformed. */
    public static HpkePublicKey decode(byte[] encoded) {
        if (encoded.length != LENGTH || encoded[0] != 4) {
            throw new MalformedException("an HPKE key is 65 bytes that begin with 04");
        }
        try {
            return of(Point.of(P256.decompress(encoded)));
        } catch (IllegalArgumentException e) {
            throw new MalformedException("an HPKE key is not on the curve");
        }
    }

    /** A copy of the 65 bytes. */
    public byte[] encoded() {
        return encoded.clone();
    }

    byte[] raw() {
        return encoded;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HpkePublicKey that && Arrays.equals(encoded, that.encoded);
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
