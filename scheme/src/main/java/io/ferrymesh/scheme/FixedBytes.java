package io.ferrymesh.scheme;

import java.util.Arrays;
import java.util.HexFormat;

/** A public value of a fixed number of bytes: immutable, compared by content, printed as hex. */
abstract class FixedBytes {

    private final byte[] value;

    FixedBytes(byte[] value, int length) {
        this.value = Bytes.checked(value, length, getClass().getSimpleName());
    }

    /** A copy of the bytes. */
    public final byte[] bytes() {
        return value.clone();
    }

    /** Lower-case hex. */
    public final String hex() {
        return HexFormat.of().formatHex(value);
    }

    /** The bytes themselves, for this package to read and never to change. */
    final byte[] raw() {
        return value;
    }

    @Override
    public final boolean equals(Object other) {
        return getClass().isInstance(other) && Arrays.equals(value, ((FixedBytes) other).value);
    }

    @Override
    public final int hashCode() {
        return Arrays.hashCode(value);
    }

    @Override
    public final String toString() {
        return hex();
    }
}
