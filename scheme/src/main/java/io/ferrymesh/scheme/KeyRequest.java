package io.ferrymesh.scheme;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * The requester's secret {@code x}, from which up to {@value KeyRequestPublic#MAX_BATCH} private keys are made together
 * with the key centre. It never leaves the requester, so the centre cannot compute the keys.
 */
public final class KeyRequest extends FixedSecret {

    private final KeyRequestPublic publicPart;

    private KeyRequest(byte[] secret, KeyRequestPublic publicPart) {
        super(secret, P256.SCALAR_LENGTH);
        this.publicPart = publicPart;
    }

    /** What a certificate is asked for; the pseudonym is the key centre's to choose. */
    public record Wanted(Usage usage, Validity validity) {

        boolean matches(CertificateInfo info, KgcPublicKey kgc) {
            return info.usage() == usage
                    && info.validity().equals(validity)
                    && info.kgc().equals(kgc.tag());
        }
    }

    /** A fresh request. */
    public static KeyRequest random(SecureRandom random) {
        BigInteger secret = P256.randomScalar(random);
        return of(secret, KeyRequestPublic.Seed.of(Bytes.random(random, KeyRequestPublic.Seed.LENGTH)));
    }

    static KeyRequest of(BigInteger secret, KeyRequestPublic.Seed seed) {
        var publicPart = new KeyRequestPublic(Point.of(P256.multiplyBase(secret)), seed);
        byte[] encoded = P256.encodeScalar(secret);
        try {
            return new KeyRequest(encoded, publicPart);
        } finally {
            Bytes.wipe(encoded);
        }
    }

    /** What goes to the key centre. */
    public KeyRequestPublic publicPart() {
        return publicPart;
    }

    /**
     * Makes the credential for the index-th key. Empty unless the certificate says what was wanted, {@code d ≠ 0} and
     * {@code d·G = Q}: then the answer is wrong and nothing of it may be used.
     */
    public Optional<Credential> accept(KgcPublicKey kgc, int index, Wanted wanted, Issued issued) {
        if (!wanted.matches(issued.certificate().info(), kgc)) {
            return Optional.empty();
        }
        BigInteger secret = new BigInteger(1, raw()).add(publicPart.offset(index));
        return combine(secret, kgc, issued);
    }

    /** {@code d = x + r mod n}, checked against the certificate. */
    static Optional<Credential> combine(BigInteger secret, KgcPublicKey kgc, Issued issued) {
        BigInteger contribution = new BigInteger(1, issued.contribution().raw());
        BigInteger d = secret.add(contribution).mod(P256.N);
        if (d.signum() == 0) {
            return Optional.empty();
        }
        byte[] encoded = P256.encodeScalar(d);
        try {
            return Credential.checked(kgc, issued.certificate(), encoded);
        } finally {
            Bytes.wipe(encoded);
        }
    }
}
