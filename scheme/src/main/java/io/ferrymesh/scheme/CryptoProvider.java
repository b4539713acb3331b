package io.ferrymesh.scheme;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.Security;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;

/**
 * The one place that decides who computes. With the Amazon Corretto Crypto Provider: AES-GCM, ECDH, SHA-256 and HMAC are
 * its native code. Without: ECDH is Bouncy Castle's, and the rest the JDK's, whose AES-GCM is twenty times and more
 * faster than Bouncy Castle's. Nothing is installed into the JVM's own list of providers.
 *
 * <p>The system property {@code ferrymesh.crypto} is {@code auto} (the default), {@code corretto} or
 * {@code bouncycastle}; it is read once, at first use.
 */
public final class CryptoProvider {

    /** The system property that chooses. */
    public static final String PROPERTY = "ferrymesh.crypto";

    private static final int WHOLE = Integer.MAX_VALUE;
    /** The JDK's AES-GCM crawls on large calls until it is compiled, so it is fed small ones. */
    private static final int JDK_CHUNK = 16 * 1024;

    private static volatile @Nullable CryptoProvider active;

    private final String description;
    private final Provider symmetric;
    private final Provider digests;
    private final int gcmChunk;
    private final @Nullable CorrettoEcdh native256;

    private CryptoProvider(
            String description, Provider symmetric, Provider digests, int gcmChunk, @Nullable CorrettoEcdh native256) {
        this.description = description;
        this.symmetric = symmetric;
        this.digests = digests;
        this.gcmChunk = gcmChunk;
        this.native256 = native256;
    }

    /**
     * What this JVM uses. Fails, at every call, if the property has an unknown value or asks for a provider that does not
     * load.
     */
    public static CryptoProvider active() {
        CryptoProvider chosen = active;
        return chosen != null ? chosen : choose();
    }

    /** Name and version, for a start-up log line and a benchmark's heading. */
    public static String description() {
        return active().description;
    }

    private static synchronized CryptoProvider choose() {
        CryptoProvider chosen = active;
        if (chosen == null) {
            chosen = named(System.getProperty(PROPERTY, "auto"));
            active = chosen;
        }
        return chosen;
    }

    static CryptoProvider named(String name) {
        return switch (name) {
            case "auto" -> auto();
            case "corretto" -> corretto(CorrettoLoader.load());
            case "bouncycastle" -> bouncyCastle();
            default ->
                throw new IllegalArgumentException(PROPERTY + " must be auto, corretto or bouncycastle: " + name);
        };
    }

    private static CryptoProvider auto() {
        try {
            return corretto(CorrettoLoader.load());
        } catch (IllegalStateException e) {
            return bouncyCastle();
        }
    }

    private static CryptoProvider corretto(Provider provider) {
        String description = "Amazon Corretto Crypto Provider " + provider.getVersionStr();
        return new CryptoProvider(description, provider, provider, WHOLE, new CorrettoEcdh(provider));
    }

    private static CryptoProvider bouncyCastle() {
        String version = new BouncyCastleProvider().getVersionStr();
        String description = "Bouncy Castle " + version + " for ECDH, SunJCE for AES-GCM";
        return new CryptoProvider(description, jdk("SunJCE"), jdk("SUN"), JDK_CHUNK, null);
    }

    private static Provider jdk(String name) {
        Provider provider = Security.getProvider(name);
        if (provider == null) {
            throw new IllegalStateException("this Java runtime has no provider " + name);
        }
        return provider;
    }

    @Override
    public String toString() {
        return description;
    }

    /** A fresh SHA-256. */
    public MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256", digests);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is not available", e);
        }
    }

    Mac newHmacSha256() throws GeneralSecurityException {
        return Mac.getInstance("HmacSHA256", symmetric);
    }

    Gcm newGcm() {
        try {
            return new Gcm(Cipher.getInstance("AES/GCM/NoPadding", symmetric), gcmChunk);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is not available", e);
        }
    }

    /** The key for Diffie-Hellman under one secret scalar. */
    DhKey newDhKey(byte[] scalar) {
        if (native256 != null) {
            return native256.key(scalar);
        }
        BigInteger secret = P256.decodeScalar(scalar);
        return peer -> Point.of(P256.multiplySecret(peer.ec(), secret)).x();
    }
}
