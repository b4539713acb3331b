package io.ferrymesh.scheme;

import java.math.BigInteger;
import java.security.SecureRandom;

/** {@code s}, the key centre's master secret. Whoever has it can certify; nobody can compute a provider's key with it. */
public final class MasterKey extends FixedSecret {

    /** Bytes in a master secret. */
    public static final int LENGTH = P256.SCALAR_LENGTH;

    private final KgcPublicKey publicKey;

    private MasterKey(byte[] value, BigInteger scalar) {
        super(value, LENGTH);
        this.publicKey = new KgcPublicKey(Point.of(P256.multiplyBase(scalar)));
    }

    /** A fresh master secret. */
    public static MasterKey generate(SecureRandom random) {
        byte[] drawn = P256.encodeScalar(P256.randomScalar(random));
        try {
            return of(drawn);
        } finally {
            Bytes.wipe(drawn);
        }
    }

    /** The secret of 32 bytes in [1, n-1]; anything else is malformed. The argument stays the caller's to wipe. */
    public static MasterKey of(byte[] value) {
        return new MasterKey(value, P256.decodeScalar(value));
    }

    /** {@code P = s·G}. */
    public KgcPublicKey publicKey() {
        return publicKey;
    }

    BigInteger scalar() {
        return new BigInteger(1, raw());
    }
}
