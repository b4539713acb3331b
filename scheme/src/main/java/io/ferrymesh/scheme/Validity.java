package io.ferrymesh.scheme;

import java.util.Optional;

/** From when until when something is valid: epoch seconds below 2^32, both ends included. */
public record Validity(long notBefore, long notAfter) {

    private static final long LIMIT = 1L << 32;

    /** Refuses times outside 32 bits and an end before the beginning. */
    public Validity {
        if (notBefore < 0 || notAfter >= LIMIT || notAfter < notBefore) {
            throw new IllegalArgumentException("notBefore <= notAfter must be 32-bit: " + notBefore + ", " + notAfter);
        }
    }

    /** Why something is not valid at this time, if it is not. */
    public Optional<RefusalReason> check(long nowEpochSeconds) {
        if (nowEpochSeconds < notBefore) {
            return Optional.of(RefusalReason.NOT_YET_VALID);
        }
        return nowEpochSeconds > notAfter ? Optional.of(RefusalReason.EXPIRED) : Optional.empty();
    }
}
