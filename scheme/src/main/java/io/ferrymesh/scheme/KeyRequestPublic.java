package io.ferrymesh.scheme;

import java.math.BigInteger;
import org.bouncycastle.math.ec.ECPoint;

/**
 * The public part of a {@link KeyRequest}: {@code X} and the seed that stretches it to many keys. The i-th key's point is
 * {@code X + f_i·G} with {@code f_i = H2S("EXPAND", seed ‖ u32(i))}. Scheme, Certificates.
 */
public record KeyRequestPublic(Point point, Seed seed) {

    /** The most certificates one request may ask for. */
    public static final int MAX_BATCH = 1024;

    /** Bytes in the encoded form. */
    static final int LENGTH = Point.LENGTH + Seed.LENGTH;

    /** The 32 bytes that stretch one point to many. */
    public static final class Seed extends FixedBytes {

        /** Bytes in a seed. */
        public static final int LENGTH = 32;

        private Seed(byte[] value) {
            super(value, LENGTH);
        }

        /** The seed of exactly 32 bytes. */
        public static Seed of(byte[] value) {
            return new Seed(value);
        }
    }

    ECPoint base() {
        return point.ec();
    }

    /** {@code f_i}. */
    BigInteger offset(int index) {
        if (index < 0 || index >= MAX_BATCH) {
            throw new IllegalArgumentException("a request has at most " + MAX_BATCH + " keys: " + index);
        }
        return HashToScalar.of("EXPAND", seed.raw(), Bytes.u32(index));
    }
}
