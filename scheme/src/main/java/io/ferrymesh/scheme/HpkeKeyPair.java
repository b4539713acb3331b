package io.ferrymesh.scheme;

import java.math.BigInteger;
import java.security.SecureRandom;

/** The key centre's key pair for sealed requests. {@link #copy()} is the private scalar, 32 bytes. */
public final class HpkeKeyPair extends FixedSecret {

    /** Bytes in the private key. */
    public static final int LENGTH = P256.SCALAR_LENGTH;

    private final HpkePublicKey publicKey;

    private HpkeKeyPair(byte[] secret, BigInteger scalar) {
        super(secret, LENGTH);
        this.publicKey = HpkePublicKey.of(Point.of(P256.multiplyBase(scalar)));
    }

    /** A fresh key pair. */
    public static HpkeKeyPair generate(SecureRandom random) {
        byte[] drawn = P256.encodeScalar(P256.randomScalar(random));
        try {
            return of(drawn);
        } finally {
            Bytes.wipe(drawn);
        }
    }

    /** The pair of a private scalar in [1, n-1]; anything else is malformed. The argument stays the caller's to wipe. */
    public static HpkeKeyPair of(byte[] privateKey) {
        return new HpkeKeyPair(privateKey, P256.decodeScalar(privateKey));
    }

    /** The public half. */
    public HpkePublicKey publicKey() {
        return publicKey;
    }
}
