package io.ferrymesh.provider.work;

import io.ferrymesh.mesh.ErrorCode;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * Whether a migration that failed is begun again by itself, and after how long: when its source may only be away for a moment,
 * as one is whose process died and whose grant another offers soon.
 */
final class Retrying {

    private static final long FIRST_WAIT_MS = 1_000;
    private static final long LONGEST_WAIT_MS = 30_000;

    private final int most;
    private final RandomGenerator random;

    Retrying(int most, RandomGenerator random) {
        this.most = most;
        this.random = random;
    }

    /**
     * How long to wait; empty if that would not help.
     *
     * @param retries how often it was begun again already
     * @param metBefore whether the two ends have once authenticated: then what refuses now may be about to move
     */
    OptionalLong afterMs(ErrorCode code, long retries, boolean metBefore) {
        if (retries >= most || !mayPass(code, metBefore)) {
            return OptionalLong.empty();
        }
        long wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS << Math.min(retries, 10));
        return OptionalLong.of(wait - random.nextLong(wait / 4));
    }

    private static boolean mayPass(ErrorCode code, boolean metBefore) {
        return switch (code) {
            case PEER_LOST, UNAVAILABLE, OVERLOADED, RATE_LIMITED -> true;
            case GRANT_UNKNOWN, HANDSHAKE_REFUSED -> metBefore;
            case INVALID_MESSAGE,
                    CANCELLED,
                    NOT_ENROLLED,
                    QUOTA_EXCEEDED,
                    REVOKED,
                    SOURCE_CHANGED,
                    SOURCE_UNREADABLE,
                    DIGEST_MISMATCH,
                    CONFLICT,
                    UNSUPPORTED_PATH,
                    DESTINATION_FULL,
                    DESTINATION_FAILED,
                    INTERNAL,
                    KEY_RETIRED -> false;
        };
    }
}
