package io.ferrymesh.provider.work;

import io.ferrymesh.mesh.ErrorCode;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * Whether a migration that failed is begun again by itself, and after how long: as its source may be away for a moment, when a process
 * of it died whose grants another one offers soon, or for days.
 */
final class Retrying {

    private static final long FIRST_WAIT_MS = 1_000;
    private static final long LONGEST_WAIT_MS = 300_000;
    private static final long OVERLOADED_WAIT_MS = 20_000;

    /** A run that went on for so long had nothing wrong with it when it began. */
    private static final long SETTLED_MS = 30_000;

    /** The waits of what goes on between interruptions get no longer than with so many in a row: about half a minute. */
    private static final long MOST_IN_A_ROW_WITH_PROGRESS = 5;

    /** How often an end that never authenticated and refuses is asked again, which is for about a quarter of an hour: it trusts nobody of this end's, or another process has the grant now. */
    private static final int TRIES_WITH_A_STRANGER = 10;

    /** How often one that is nowhere, and never was, is looked for again: for about a day. Its grant may be over, or it is away. */
    private static final int SEARCHES = 290;

    /** How often what nobody expected is tried again. */
    private static final int TRIES_AFTER_INTERNAL = 5;

    private final int most;
    private final RandomGenerator random;

    Retrying(int most, RandomGenerator random) {
        this.most = most;
        this.random = random;
    }

    /**
     * How often it was begun again in a row, after a run that made progress: not at all if that went on for a while, and otherwise
     * never so often that it is given up, or waits for long.
     */
    long inARow(long retries, long ranMs) {
        return ranMs >= SETTLED_MS
                ? 0
                : Math.max(0, Math.min(retries, Math.min(most - 1L, MOST_IN_A_ROW_WITH_PROGRESS)));
    }

    /** Whether that is no failure, of which there may be any number: there is too much to do, here or there, or to be had of the key centre. */
    static boolean isUncounted(ErrorCode code) {
        return code == ErrorCode.OVERLOADED || code == ErrorCode.QUOTA_EXCEEDED;
    }

    /**
     * How long to wait; empty if that would not help.
     *
     * @param retries how often it was begun again in a row already
     * @param metBefore whether the two ends have once authenticated: then what refuses now may be about to move. Without that it is
     *     most likely another key, and few tries are enough
     */
    OptionalLong afterMs(ErrorCode code, long retries, boolean metBefore) {
        if (code == ErrorCode.OVERLOADED) {
            return OptionalLong.of(OVERLOADED_WAIT_MS - random.nextLong(OVERLOADED_WAIT_MS / 2));
        }
        boolean uncounted = isUncounted(code);
        if (!uncounted && (retries >= most || !mayPass(code, metBefore, retries))) {
            return OptionalLong.empty();
        }
        boolean longest = uncounted || code == ErrorCode.INTERNAL;
        long wait = longest ? LONGEST_WAIT_MS : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS << Math.min(retries, 10));
        return OptionalLong.of(wait - random.nextLong(wait / 4));
    }

    private static boolean mayPass(ErrorCode code, boolean metBefore, long retries) {
        return switch (code) {
            case PEER_LOST, UNAVAILABLE, OVERLOADED, RATE_LIMITED, QUOTA_EXCEEDED -> true;
            case KEY_RETIRED -> true; // the next run is under the key that followed
            case SOURCE_UNREADABLE -> true; // of a run: its listing failed
            case GRANT_UNKNOWN -> metBefore || retries < SEARCHES;
            case HANDSHAKE_REFUSED -> metBefore || retries < TRIES_WITH_A_STRANGER;
            case INTERNAL -> retries < TRIES_AFTER_INTERNAL;
            case INVALID_MESSAGE,
                    CANCELLED,
                    NOT_ENROLLED,
                    REVOKED,
                    SOURCE_CHANGED,
                    DIGEST_MISMATCH,
                    CONFLICT,
                    UNSUPPORTED_PATH,
                    UNSUPPORTED_METADATA,
                    DESTINATION_FULL,
                    DESTINATION_FAILED,
                    DEADLINE -> false;
        };
    }
}
