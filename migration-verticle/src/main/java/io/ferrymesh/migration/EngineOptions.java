package io.ferrymesh.migration;

import java.time.Duration;

/**
 * What an operator may tune.
 *
 * @param dataLanes lanes for objects in each migration, 1 to 16
 * @param laneWindowBytes most bytes in flight on one data lane
 * @param workers threads that read, hash, seal and write, for all migrations of the process
 * @param connectTimeout how long a destination looks for its source
 * @param handshakesPerGrant most handshakes a grant admits
 * @param maxUnknown how long nobody may be able to say of a running session's peer whether it is revoked
 */
public record EngineOptions(
        int dataLanes,
        long laneWindowBytes,
        int workers,
        Duration connectTimeout,
        int handshakesPerGrant,
        Duration maxUnknown) {

    static final int MAX_DATA_LANES = 16;

    public EngineOptions {
        require(dataLanes >= 1 && dataLanes <= MAX_DATA_LANES, "dataLanes must be 1 to " + MAX_DATA_LANES, dataLanes);
        require(
                laneWindowBytes >= 4L * Lanes.FRAME_PLAINTEXT_BYTES
                        && laneWindowBytes <= io.ferrymesh.mesh.Limits.MAX_WINDOW_BYTES,
                "laneWindowBytes must be 524288 to 67108864",
                laneWindowBytes);
        require(workers >= 2 && workers <= 256, "workers must be 2 to 256", workers);
        require(
                !connectTimeout.isNegative() && !connectTimeout.isZero(),
                "connectTimeoutMs must be > 0",
                connectTimeout.toMillis());
        require(handshakesPerGrant >= 1, "handshakesPerGrant must be > 0", handshakesPerGrant);
        require(!maxUnknown.isNegative() && !maxUnknown.isZero(), "maxUnknownMs must be > 0", maxUnknown.toMillis());
    }

    /** Two data lanes of 4 MiB, at least four workers, half a minute, 64 handshakes, an hour. */
    public static EngineOptions defaults() {
        int workers = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
        return new EngineOptions(2, 4L << 20, workers, Duration.ofSeconds(30), 64, Duration.ofHours(1));
    }

    private static void require(boolean ok, String rule, long value) {
        if (!ok) {
            throw new IllegalArgumentException(rule + ": " + value);
        }
    }
}
