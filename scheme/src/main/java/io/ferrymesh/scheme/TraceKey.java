package io.ferrymesh.scheme;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;

/**
 * {@code K_t}, with which the key centre makes and opens pseudonyms: AES-256 on one block, so distinct inputs give
 * distinct, unlinkable values. Every 16 bytes open to some pair of numbers; only the registry says whether it was issued.
 */
public final class TraceKey extends FixedSecret {

    /** Bytes in a trace key. */
    public static final int LENGTH = 32;

    private TraceKey(byte[] value) {
        super(value, LENGTH);
    }

    /** What a pseudonym hides; both numbers are unsigned 64-bit. */
    public record Opened(long provider, long serial) {}

    /** A fresh key. */
    public static TraceKey generate(SecureRandom random) {
        byte[] drawn = Bytes.random(random, LENGTH);
        try {
            return new TraceKey(drawn);
        } finally {
            Bytes.wipe(drawn);
        }
    }

    /** The key of exactly 32 bytes; the argument is copied and stays the caller's to wipe. */
    public static TraceKey of(byte[] value) {
        return new TraceKey(value);
    }

    /** The pseudonym of a provider's serial number; the same pair always gives the same pseudonym. */
    public Pseudonym seal(long provider, long serial) {
        byte[] block = new byte[Pseudonym.LENGTH];
        Bytes.putU64(block, 0, provider);
        Bytes.putU64(block, 8, serial);
        return Pseudonym.of(block(Cipher.ENCRYPT_MODE, block));
    }

    /** The numbers a pseudonym was made of, or would have been. */
    public Opened open(Pseudonym pseudonym) {
        byte[] block = block(Cipher.DECRYPT_MODE, pseudonym.raw());
        return new Opened(Bytes.getU64(block, 0), Bytes.getU64(block, 8));
    }

    /** One block by definition, so the mode that never fits anything longer is the right one. */
    @SuppressWarnings("InsecureCryptoUsage")
    private byte[] block(int mode, byte[] input) {
        try (var key = new RawKey(raw(), "AES")) {
            Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
            cipher.init(mode, key);
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES is not available", e);
        }
    }
}
