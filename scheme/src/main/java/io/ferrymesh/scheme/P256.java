package io.ferrymesh.scheme;

import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/**
 * NIST P-256. Multiplications go through the fixed-base comb or {@code multiplySecret}, whose memory accesses do not depend
 * on the scalar. Sums and products of scalars mod n use {@link BigInteger}, which is not constant-time: it sees each secret
 * once, combined with a fresh uniform one.
 */
final class P256 {

    /** Bytes in a scalar. */
    static final int SCALAR_LENGTH = 32;

    private static final X9ECParameters PARAMETERS = CustomNamedCurves.getByName("secp256r1");
    static final BigInteger N = PARAMETERS.getN();
    private static final ECPoint G = PARAMETERS.getG();
    private static final FixedPointCombMultiplier COMB = new FixedPointCombMultiplier();

    private P256() {}

    /** The base point times a scalar that may be secret; not normalised. */
    static ECPoint multiplyBase(BigInteger scalar) {
        return COMB.multiply(G, scalar);
    }

    /** A long-lived point times a scalar; the first call on a point builds its table. Not normalised. */
    static ECPoint multiplyFixed(ECPoint base, BigInteger scalar) {
        return COMB.multiply(base, scalar);
    }

    /** Any point times a secret scalar; not normalised. */
    static ECPoint multiplySecret(ECPoint point, BigInteger scalar) {
        return ECAlgorithms.multiplySecret(point, scalar);
    }

    static ECPoint decompress(byte[] encoded) {
        return PARAMETERS.getCurve().decodePoint(encoded);
    }

    /** Uniform in [1, n-1], by rejection. */
    static BigInteger randomScalar(SecureRandom random) {
        return BigIntegers.createRandomInRange(BigInteger.ONE, N.subtract(BigInteger.ONE), random);
    }

    static byte[] encodeScalar(BigInteger scalar) {
        return BigIntegers.asUnsignedByteArray(SCALAR_LENGTH, scalar);
    }

    /** The scalar of exactly 32 bytes in [1, n-1]; anything else is malformed. */
    static BigInteger decodeScalar(byte[] encoded) {
        if (encoded.length != SCALAR_LENGTH) {
            throw new MalformedException("a scalar has 32 bytes, not " + encoded.length);
        }
        BigInteger scalar = new BigInteger(1, encoded);
        if (scalar.signum() == 0 || scalar.compareTo(N) >= 0) {
            throw new MalformedException("a scalar is out of range");
        }
        return scalar;
    }
}
