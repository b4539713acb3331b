package io.ferrymesh.provider.keys;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/**
 * A key on P-256 that access tokens are signed with (ES256). Prints without the private key.
 *
 * @param number the first has 1, each later one more
 * @param activeFrom signs from then on, in epoch seconds; verifies at once, so that all processes know it by then
 */
public record SigningKey(int number, long activeFrom, ECPrivateKey privateKey, ECPublicKey publicKey) {

    /** What tokens call it. */
    public String id() {
        return Integer.toString(number);
    }

    /** A fresh private scalar, 32 bytes, the caller's to wipe. */
    static byte[] draw(SecureRandom random) {
        BigInteger order = CustomNamedCurves.getByName("secp256r1").getN();
        return BigIntegers.asUnsignedByteArray(
                32, BigIntegers.createRandomInRange(BigInteger.ONE, order.subtract(BigInteger.ONE), random));
    }

    /** The key of this scalar; IllegalArgumentException unless it is in [1, n-1]. The scalar stays the caller's to wipe. */
    static SigningKey of(int number, long activeFrom, byte[] scalar) {
        var curve = CustomNamedCurves.getByName("secp256r1");
        BigInteger d = new BigInteger(1, scalar);
        if (d.signum() == 0 || d.compareTo(curve.getN()) >= 0) {
            throw new IllegalArgumentException("signing key " + number + " is out of range");
        }
        var q = new FixedPointCombMultiplier().multiply(curve.getG(), d).normalize();
        ECPoint point = new ECPoint(
                q.getAffineXCoord().toBigInteger(), q.getAffineYCoord().toBigInteger());
        try {
            AlgorithmParameters p256 = AlgorithmParameters.getInstance("EC");
            p256.init(new ECGenParameterSpec("secp256r1"));
            ECParameterSpec parameters = p256.getParameterSpec(ECParameterSpec.class);
            KeyFactory factory = KeyFactory.getInstance("EC");
            return new SigningKey(
                    number,
                    activeFrom,
                    (ECPrivateKey) factory.generatePrivate(new ECPrivateKeySpec(d, parameters)),
                    (ECPublicKey) factory.generatePublic(new ECPublicKeySpec(point, parameters)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("P-256 is not available", e);
        }
    }

    @Override
    public String toString() {
        return "SigningKey[" + number + ", active from " + activeFrom + ", ***]";
    }
}
