package io.ferrymesh.scheme;

import java.math.BigInteger;
import org.bouncycastle.math.ec.ECPoint;

/**
 * {@code P}, the key centre's public key and a provider's only root of trust. Immutable; keeps the table that makes
 * reconstructing peers' keys fast, so decode it once.
 */
public final class KgcPublicKey {

    private final Point point;
    private final byte[] encoded;
    private final Digest fingerprint;
    private final KgcTag tag;

    KgcPublicKey(Point point) {
        this.point = point;
        this.encoded = point.encoded();
        this.fingerprint = Digest.sha256(encoded);
        this.tag = KgcTag.of(fingerprint);
    }

    /** Decodes a 33-byte point; anything else is malformed. */
    public static KgcPublicKey decode(byte[] encoded) {
        return new KgcPublicKey(Point.decode(encoded));
    }

    /** A copy of the 33 bytes. */
    public byte[] encoded() {
        return encoded.clone();
    }

    /** SHA-256 of the 33 bytes, what a provider may be configured with instead. */
    public Digest fingerprint() {
        return fingerprint;
    }

    /** The four bytes by which certificates name this key centre. */
    public KgcTag tag() {
        return tag;
    }

    byte[] raw() {
        return encoded;
    }

    ECPoint multiply(BigInteger scalar) {
        return P256.multiplyFixed(point.ec(), scalar);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KgcPublicKey that && point.equals(that.point);
    }

    @Override
    public int hashCode() {
        return point.hashCode();
    }

    @Override
    public String toString() {
        return point.toString();
    }
}
