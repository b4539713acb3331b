package io.ferrymesh.scheme;

import java.util.Arrays;

/**
 * What the key centre answers to one request: a certificate and its contribution {@code r} to the private key. Not secret
 * by itself, but it goes only to the requester.
 */
public record Issued(Certificate certificate, Contribution contribution) {

    /** {@code r}, a scalar in [0, n-1]. */
    public static final class Contribution extends FixedBytes {

        /** Bytes in a contribution. */
        public static final int LENGTH = P256.SCALAR_LENGTH;

        private Contribution(byte[] value) {
            super(value, LENGTH);
        }

        /** The contribution of exactly 32 bytes, reduced mod n; a larger value is malformed. */
        public static Contribution of(byte[] value) {
            byte[] copy = Arrays.copyOf(value, value.length);
            if (new java.math.BigInteger(1, copy).compareTo(P256.N) >= 0) {
                throw new MalformedException("a contribution is out of range");
            }
            return new Contribution(copy);
        }
    }
}
