package io.ferrymesh.scheme;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Optional;

/** A pseudonym a provider can act under: a certificate and its private key {@code d}. */
public final class Credential implements AutoCloseable {

    private final KgcPublicKey kgc;
    private final Certificate certificate;
    private final RawKey secret;

    private Credential(KgcPublicKey kgc, Certificate certificate, byte[] secret) {
        this.kgc = kgc;
        this.certificate = certificate;
        this.secret = new RawKey(secret, "EC");
    }

    /**
     * The credential kept elsewhere; malformed unless the key is the certificate's under this key centre. The key is copied
     * and stays the caller's to wipe.
     */
    public static Credential of(KgcPublicKey kgc, Certificate certificate, byte[] privateKey) {
        return checked(kgc, certificate, privateKey)
                .orElseThrow(() -> new MalformedException("the private key is not the certificate's"));
    }

    /** Empty unless {@code d·G = Q}. */
    static Optional<Credential> checked(KgcPublicKey kgc, Certificate certificate, byte[] privateKey) {
        BigInteger d = P256.decodeScalar(privateKey);
        boolean own = certificate.publicKey(kgc).equals(Point.of(P256.multiplyBase(d)));
        return own ? Optional.of(unchecked(kgc, certificate, privateKey)) : Optional.empty();
    }

    static Credential unchecked(KgcPublicKey kgc, Certificate certificate, byte[] privateKey) {
        return new Credential(kgc, certificate, privateKey);
    }

    /** The public part. */
    public Certificate certificate() {
        return certificate;
    }

    /** The key centre it is from. */
    public KgcPublicKey kgc() {
        return kgc;
    }

    /** A copy of {@code d} for an encrypted store, the caller's to wipe. Fails once closed. */
    public byte[] copyPrivateKey() {
        return secret.copy();
    }

    /**
     * Signs as {@link SchemeSigner} does; only with a certificate for signing or announcements. A message begins with a
     * label or magic of its own kind, so that no signature passes for one of another kind.
     */
    public Signature sign(byte[] message, SecureRandom random) {
        return SchemeSigner.sign(this, random, message);
    }

    byte[] raw() {
        return secret.raw();
    }

    @Override
    public void close() {
        secret.close();
    }

    @Override
    public String toString() {
        return "***";
    }
}
