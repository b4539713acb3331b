package io.ferrymesh.scheme;

import java.util.Objects;

/**
 * Opens the frames of one lane and accepts only the next one its sender sealed. Not thread-safe: one lane worker at a time.
 * Closing wipes the key; what the cipher itself derived from it is left to the garbage collector.
 */
public final class LaneOpener implements AutoCloseable {

    private final Gcm gcm = CryptoProvider.active().newGcm();
    private final RawKey key;
    private long counter;

    LaneOpener(RawKey key, long counter) {
        this.key = key;
        this.counter = counter;
    }

    /**
     * Opens {@code len} sealed bytes into {@code out}, which must not overlap, and returns the plaintext's length. A frame
     * that is changed, repeated, skipped or of another lane is {@link SealBrokenException}: {@code out} then holds nothing
     * of it and the expected counter stays. IllegalStateException once closed or when the counters are used up.
     */
    public int open(byte[] header, byte[] sealed, int off, int len, byte[] out, int outOff) {
        key.requireUsable();
        int unusedOff = Objects.checkFromIndexSize(off, len, sealed.length);
        int length = Math.max(0, len - Gcm.TAG_LENGTH);
        int unusedOut = Objects.checkFromIndexSize(outOff, length, out.length);
        if (counter == -1L) {
            throw new IllegalStateException("the lane's counters are used up");
        }
        gcm.open(key, counter, header, sealed, off, len, out, outOff);
        counter++;
        return length;
    }

    @Override
    public void close() {
        key.close();
    }
}
