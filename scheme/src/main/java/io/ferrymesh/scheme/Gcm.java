package io.ferrymesh.scheme;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/** AES-256-GCM with the scheme's nonce, four zero bytes and a 64-bit counter. Not thread-safe; never chooses a nonce. */
final class Gcm {

    static final int TAG_LENGTH = 16;
    private static final int NONCE_LENGTH = 12;

    private final Cipher cipher;
    private final int chunk;

    Gcm(Cipher cipher, int chunk) {
        this.cipher = cipher;
        this.chunk = chunk;
    }

    /** Seals a whole message. */
    byte[] seal(SecretKey key, long counter, byte[] header, byte[] plaintext) {
        byte[] sealed = new byte[Math.addExact(plaintext.length, TAG_LENGTH)];
        seal(key, counter, header, plaintext, 0, plaintext.length, sealed, 0);
        return sealed;
    }

    /** Opens a whole message; a wrong tag is {@link SealBrokenException}. */
    byte[] open(SecretKey key, long counter, byte[] header, byte[] sealed, int off, int len) {
        byte[] plaintext = new byte[Math.max(0, len - TAG_LENGTH)];
        open(key, counter, header, sealed, off, len, plaintext, 0);
        return plaintext;
    }

    void seal(SecretKey key, long counter, byte[] header, byte[] in, int off, int len, byte[] out, int outOff) {
        try {
            process(Cipher.ENCRYPT_MODE, key, counter, header, in, off, len, out, outOff);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM failed", e);
        }
    }

    void open(SecretKey key, long counter, byte[] header, byte[] in, int off, int len, byte[] out, int outOff) {
        if (len < TAG_LENGTH) {
            throw new SealBrokenException();
        }
        try {
            process(Cipher.DECRYPT_MODE, key, counter, header, in, off, len, out, outOff);
        } catch (AEADBadTagException e) {
            java.util.Arrays.fill(out, outOff, outOff + len - TAG_LENGTH, (byte) 0);
            throw new SealBrokenException();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM failed", e);
        }
    }

    private void process(
            int mode, SecretKey key, long counter, byte[] header, byte[] in, int off, int len, byte[] out, int outOff)
            throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE_LENGTH];
        Bytes.putU64(nonce, 4, counter);
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG_LENGTH, nonce));
        cipher.updateAAD(header);
        int from = off;
        int to = outOff;
        for (int left = len; left > chunk; left -= chunk) {
            to += cipher.update(in, from, chunk, out, to);
            from += chunk;
        }
        int unused = cipher.doFinal(in, from, off + len - from, out, to);
    }
}
