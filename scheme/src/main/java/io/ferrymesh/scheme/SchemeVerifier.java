package io.ferrymesh.scheme;

import java.math.BigInteger;
import java.util.Arrays;

/** Verifies signatures made by {@link SchemeSigner}. */
public final class SchemeVerifier {

    private SchemeVerifier() {}

    /**
     * Whether the holder of the certificate signed the message. Says nothing about validity or revocation. False, never an
     * exception, for a certificate of another usage or key centre and for a signature that does not decode.
     */
    public static boolean verify(KgcPublicKey kgc, Certificate certificate, byte[] message, Signature signature) {
        return verify(kgc, certificate, signature, message);
    }

    static boolean verify(KgcPublicKey kgc, Certificate certificate, Signature signature, byte[]... message) {
        CertificateInfo info = certificate.info();
        if (info.usage() == Usage.KEY_AGREEMENT || !info.kgc().equals(kgc.tag())) {
            return false;
        }
        try {
            return holds(kgc, certificate, signature.raw(), message);
        } catch (MalformedException e) {
            return false;
        }
    }

    /** {@code b·G = A + c·Q}. */
    private static boolean holds(KgcPublicKey kgc, Certificate certificate, byte[] signature, byte[]... message) {
        byte[] encodedA = Arrays.copyOf(signature, Point.LENGTH);
        Point a = Point.decode(encodedA);
        BigInteger b = P256.decodeScalar(Arrays.copyOfRange(signature, Point.LENGTH, Signature.LENGTH));
        BigInteger c = SchemeSigner.challenge(kgc, certificate, encodedA, message);
        Point q = certificate.publicKey(kgc);
        return Point.of(P256.multiplyBase(b)).equals(Point.of(q.ec().multiply(c).add(a.ec())));
    }
}
