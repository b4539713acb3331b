package io.ferrymesh.scheme;

import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.math.ec.ECPoint;

/** The key centre's half of making a certificate. One fixed-base multiplication each. Scheme, Certificates. */
public final class Issuer {

    private Issuer() {}

    /** Certifies one point. */
    public static Issued issue(MasterKey master, CertificateInfo info, byte[] point, SecureRandom random) {
        return issue(master, info, Point.decode(point).ec(), BigInteger.ZERO, nonce(master, info, random));
    }

    /** Certifies the index-th key of a request. */
    public static Issued issue(
            MasterKey master, CertificateInfo info, KeyRequestPublic request, int index, SecureRandom random) {
        return issue(master, info, request.base(), request.offset(index), nonce(master, info, random));
    }

    /** A credential the key centre issues to itself, for its announcements. */
    public static Credential announcer(MasterKey master, Pseudonym pseudonym, Validity validity, SecureRandom random) {
        KgcPublicKey kgc = master.publicKey();
        var info = new CertificateInfo(
                Usage.ANNOUNCEMENT, kgc.tag(), pseudonym, validity.notBefore(), validity.notAfter());
        try (var request = KeyRequest.random(random)) {
            Issued issued = issue(master, info, request.publicPart(), 0, random);
            return request.accept(kgc, 0, new KeyRequest.Wanted(Usage.ANNOUNCEMENT, validity), issued)
                    .orElseThrow(() -> new IllegalStateException("the own certificate is not as requested"));
        }
    }

    /** {@code Z = X + f·G + k·G}, {@code r = k + e·s}; f is public, so its multiplication shares k's. */
    static Issued issue(MasterKey master, CertificateInfo info, ECPoint base, BigInteger offset, BigInteger nonce) {
        KgcPublicKey kgc = master.publicKey();
        if (!info.kgc().equals(kgc.tag())) {
            throw new IllegalArgumentException("the info names another key centre");
        }
        BigInteger sum = nonce.add(offset).mod(P256.N);
        Point z = Point.of(P256.multiplyBase(sum).add(base));
        Certificate certificate = Certificate.of(info, z);
        BigInteger e = Certificate.challenge(certificate.raw(), kgc);
        BigInteger r = e.multiply(master.scalar()).add(nonce).mod(P256.N);
        return new Issued(certificate, Issued.Contribution.of(P256.encodeScalar(r)));
    }

    /** Hedged, because a nonce used twice would give the master secret away. */
    private static BigInteger nonce(MasterKey master, CertificateInfo info, SecureRandom random) {
        byte[] drawn = Bytes.random(random, 48);
        BigInteger nonce = HashToScalar.nonZero("NONCE", drawn, master.raw(), info.encoded());
        Bytes.wipe(drawn);
        return nonce;
    }
}
