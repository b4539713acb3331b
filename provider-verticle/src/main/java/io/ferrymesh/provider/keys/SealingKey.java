package io.ferrymesh.provider.keys;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals what a provider stores, for one purpose: {@code u8 1 ‖ nonce 12 ‖ AES-256-GCM}, with a random nonce and the caller's
 * associated data. Who cannot read the key file learns the length and can neither read nor change it, nor put it where the
 * associated data differ; but can put back what lay there before. Good for 2^32 seals (NIST SP 800-38D, section 8.3). Any thread.
 */
public final class SealingKey implements AutoCloseable {

    /** How many bytes longer the sealed form is. */
    public static final int OVERHEAD = 1 + 12 + 16;

    private static final byte VERSION = 1;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final byte[] key;
    private final String label;
    private final SecureRandom random;
    private volatile boolean closed;

    /** The key is this object's to wipe. */
    SealingKey(byte[] key, String label, SecureRandom random) {
        this.key = key;
        this.label = label;
        this.random = random;
    }

    /** The sealed form. The plaintext stays the caller's to wipe. */
    public byte[] seal(byte[] plaintext, byte[] associated) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, associated).doFinal(plaintext);
            return ByteBuffer.allocate(plaintext.length + OVERHEAD)
                    .put(VERSION)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM failed", e);
        }
    }

    /**
     * What was sealed with the same associated data, the caller's to wipe. Fails with {@link NotSealedHereException} when it was
     * changed since, moved, or sealed under another key file or for another purpose.
     */
    public byte[] open(byte[] sealed, byte[] associated) {
        if (sealed.length < OVERHEAD || sealed[0] != VERSION) {
            throw new NotSealedHereException(label);
        }
        try {
            byte[] nonce = Arrays.copyOfRange(sealed, 1, 1 + NONCE);
            return cipher(Cipher.DECRYPT_MODE, nonce, associated).doFinal(sealed, 1 + NONCE, sealed.length - 1 - NONCE);
        } catch (AEADBadTagException e) {
            throw new NotSealedHereException(label);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM failed", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, byte[] associated) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        SecretKeySpec spec = new SecretKeySpec(key, "AES");
        if (closed) { // looked at after the copy was made, so nothing is ever sealed under a wiped key
            throw new IllegalStateException("the sealing key is closed");
        }
        cipher.init(mode, spec, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(associated);
        return cipher;
    }

    @Override
    public void close() {
        closed = true;
        Arrays.fill(key, (byte) 0);
    }

    @Override
    public String toString() {
        return "SealingKey[" + label + ", ***]";
    }
}
