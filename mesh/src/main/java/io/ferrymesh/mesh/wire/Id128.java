package io.ferrymesh.mesh.wire;

import java.util.random.RandomGenerator;

/** 16 bytes that name a process, a stream or a request. Drawn at random, so nobody guesses one they were not told. */
public record Id128(long high, long low) {

    /** Length on the wire, in bytes. */
    public static final int BYTES = 16;

    /** Draws one. The generator decides whether it can be guessed: pass a secure one. */
    public static Id128 random(RandomGenerator random) {
        return new Id128(random.nextLong(), random.nextLong());
    }

    /** Reads 32 lower-case hex digits. */
    public static Id128 parse(String hex) {
        if (hex.length() != 2 * BYTES) {
            throw new IllegalArgumentException("an id is 32 hex digits");
        }
        return new Id128(Long.parseUnsignedLong(hex, 0, 16, 16), Long.parseUnsignedLong(hex, 16, 32, 16));
    }

    /** 32 lower-case hex digits. */
    @Override
    public String toString() {
        return String.format("%016x%016x", high, low);
    }
}
