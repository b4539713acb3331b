package io.ferrymesh.scheme;

import java.security.MessageDigest;

/**
 * The symmetric state of the Noise specification, revision 34, section 5.2, for a pattern that begins with psk: there is
 * always a key. Opens first and changes state after; a tag that fails leaves it as it was.
 */
final class SymmetricState implements AutoCloseable {

    private static final byte[] PROTOCOL = Bytes.ascii("Noise_XXpsk0_P256_AESGCM_SHA256");
    private static final byte[] EXPORTER = Bytes.ascii("FERRYMESH-V1-EXPORTER");
    private static final int LENGTH = 32;

    private final Gcm gcm = CryptoProvider.active().newGcm();
    private final MessageDigest sha = CryptoProvider.active().newSha256();
    private final byte[] chainingKey = java.util.Arrays.copyOf(PROTOCOL, LENGTH);
    private final byte[] hash = chainingKey.clone();
    private RawKey key = new RawKey(new byte[LENGTH], "AES");
    private long counter;
    private boolean closed;

    /** Initialises with the prologue and processes the psk token. */
    SymmetricState(byte[] prologue, byte[] psk) {
        mixHash(prologue);
        byte[][] outputs = NoiseHkdf.outputs(chainingKey, psk, 3);
        advance(outputs[0], outputs[2]);
        mixHash(outputs[1]);
        Bytes.wipe(outputs);
    }

    void mixHash(byte[] data) {
        requireOpen();
        sha.update(hash);
        byte[] next = sha.digest(data);
        System.arraycopy(next, 0, hash, 0, LENGTH);
    }

    /** Mixes key material in and wipes it. */
    void mixKey(byte[] secret) {
        requireOpen();
        byte[][] outputs = NoiseHkdf.outputs(chainingKey, secret, 2);
        advance(outputs[0], outputs[1]);
        Bytes.wipe(outputs);
        Bytes.wipe(secret);
    }

    byte[] encryptAndHash(byte[] plaintext) {
        requireOpen();
        byte[] sealed = gcm.seal(key, counter, hash, plaintext);
        counter++;
        mixHash(sealed);
        return sealed;
    }

    /** Opens, or throws {@link SealBrokenException} with nothing changed. */
    byte[] decryptAndHash(byte[] sealed) {
        requireOpen();
        byte[] plaintext = gcm.open(key, counter, hash, sealed, 0, sealed.length);
        counter++;
        mixHash(sealed);
        return plaintext;
    }

    Digest handshakeHash() {
        return Digest.of(hash);
    }

    /** {@code Split()} and the exporter: initiator to responder, responder to initiator, exporter. */
    byte[][] split() {
        requireOpen();
        byte[][] traffic = NoiseHkdf.outputs(chainingKey, Bytes.EMPTY, 2);
        return new byte[][] {traffic[0], traffic[1], NoiseHkdf.first(chainingKey, EXPORTER)};
    }

    private void advance(byte[] nextChainingKey, byte[] nextKey) {
        System.arraycopy(nextChainingKey, 0, chainingKey, 0, LENGTH);
        key.close();
        key = new RawKey(nextKey, "AES");
        counter = 0;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the handshake is closed");
        }
    }

    @Override
    public void close() {
        closed = true;
        key.close();
        Bytes.wipe(chainingKey, hash);
    }
}
