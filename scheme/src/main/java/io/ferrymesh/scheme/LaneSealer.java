package io.ferrymesh.scheme;

import java.util.Objects;

/**
 * Seals the frames of one lane, in order, with AES-256-GCM. Not thread-safe: one lane worker at a time. Closing wipes the
 * key; what the cipher itself derived from it is left to the garbage collector.
 */
public final class LaneSealer implements AutoCloseable {

    /** Bytes a sealed frame is longer than its plaintext. */
    public static final int OVERHEAD = Gcm.TAG_LENGTH;

    private final Gcm gcm = CryptoProvider.active().newGcm();
    private final RawKey key;
    private long counter;

    LaneSealer(RawKey key, long counter) {
        this.key = key;
        this.counter = counter;
    }

    /**
     * Seals {@code len} bytes into {@code out}, which must not overlap, and returns the sealed length,
     * {@code len + OVERHEAD}. The header is authenticated and not copied. After any failure the sealer is closed, so that no
     * counter is ever used twice. IllegalStateException once closed or when the counters are used up.
     */
    public int seal(byte[] header, byte[] plaintext, int off, int len, byte[] out, int outOff) {
        key.requireUsable();
        int unusedOff = Objects.checkFromIndexSize(off, len, plaintext.length);
        int sealedLength = Math.addExact(len, OVERHEAD);
        int unusedOut = Objects.checkFromIndexSize(outOff, sealedLength, out.length);
        if (counter == -1L) {
            throw new IllegalStateException("the lane's counters are used up");
        }
        boolean sealed = false;
        try {
            gcm.seal(key, counter, header, plaintext, off, len, out, outOff);
            counter++;
            sealed = true;
        } finally {
            if (!sealed) {
                close();
            }
        }
        return sealedLength;
    }

    @Override
    public void close() {
        key.close();
    }
}
