package io.ferrymesh.scheme;

import java.math.BigInteger;
import java.security.SecureRandom;

/** Makes Schnorr signatures under implicit certificates. Scheme, Signatures. */
public final class SchemeSigner {

    private SchemeSigner() {}

    /**
     * Signs the parts, joined. The nonce depends on fresh randomness, the private key and the message, so a weak generator
     * alone does not expose the key. IllegalArgumentException with a certificate for key agreement.
     */
    public static Signature sign(Credential signer, SecureRandom random, byte[]... message) {
        if (signer.certificate().info().usage() == Usage.KEY_AGREEMENT) {
            throw new IllegalArgumentException("a certificate for key agreement does not sign");
        }
        byte[] drawn = Bytes.random(random, 32);
        byte[][] hedge =
                prepend(message, drawn, signer.raw(), signer.certificate().raw());
        BigInteger nonce = HashToScalar.nonZero("NONCE", hedge);
        Bytes.wipe(drawn);
        return sign(signer, nonce, message);
    }

    /** {@code A = a·G}, {@code c = H2S("SIGN", P ‖ cert ‖ A ‖ m)}, {@code b = a + c·d}. */
    static Signature sign(Credential signer, BigInteger nonce, byte[]... message) {
        byte[] a = Point.of(P256.multiplyBase(nonce)).encoded();
        BigInteger c = challenge(signer.kgc(), signer.certificate(), a, message);
        BigInteger d = new BigInteger(1, signer.raw());
        BigInteger b = c.multiply(d).add(nonce).mod(P256.N);
        return Signature.of(Bytes.concat(a, P256.encodeScalar(b)));
    }

    static BigInteger challenge(KgcPublicKey kgc, Certificate certificate, byte[] a, byte[]... message) {
        return HashToScalar.of("SIGN", prepend(message, kgc.raw(), certificate.raw(), a));
    }

    private static byte[][] prepend(byte[][] message, byte[]... first) {
        byte[][] all = new byte[first.length + message.length][];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(message, 0, all, first.length, message.length);
        return all;
    }
}
