package io.ferrymesh.scheme;

import java.util.Arrays;

/**
 * A secret of a fixed number of bytes. It is never printed and never compared; {@link #close()} overwrites it, after which
 * every use fails. Not thread-safe: whoever closes it makes sure that nobody uses it any more.
 */
abstract class FixedSecret implements AutoCloseable {

    private final byte[] value;
    private boolean closed;

    FixedSecret(byte[] value, int length) {
        this.value = Bytes.checked(value, length, getClass().getSimpleName());
    }

    /** A copy of the secret, which the caller wipes. Fails once closed. */
    public final byte[] copy() {
        return raw().clone();
    }

    /** The secret itself, for this package to read and never to keep or change. */
    final byte[] raw() {
        requireUsable();
        return value;
    }

    final void requireUsable() {
        if (closed) {
            throw new IllegalStateException(getClass().getSimpleName() + " is closed");
        }
    }

    @Override
    public void close() {
        closed = true;
        Arrays.fill(value, (byte) 0);
    }

    @Override
    public final String toString() {
        return "***";
    }
}
