package io.ferrymesh.migration;

import java.time.Duration;

/**
 * What an operator may tune.
 *
 * @param dataLanes most lanes for objects in each migration, 1 to 16; how many of them are used is found out as it goes
 * @param laneWindowBytes most bytes in flight on one data lane
 * @param workers threads that read, hash, seal and write, for all migrations of the process
 * @param connectTimeout how long a destination looks for its source
 * @param handshakesPerGrant most handshakes a grant admits
 * @param maxUnknown how long nobody may be able to say of a running session's peer whether it is revoked
 * @param windowBytes most bytes in flight to this process over all its migrations, besides a frame for each lane in use; and as
 *     much again waits to be sent
 * @param maxSessions sessions that run under this process's grants at once, and migrations that it fetches at once; fewer where
 *     they would not fit the bytes
 */
public record EngineOptions(
        int dataLanes,
        long laneWindowBytes,
        int workers,
        Duration connectTimeout,
        int handshakesPerGrant,
        Duration maxUnknown,
        long windowBytes,
        int maxSessions) {

    /** The least {@link #windowBytes}: 4 MiB. */
    public static final long MIN_WINDOW_BYTES = 4L << 20;

    /** The most {@link #windowBytes}: 1 TiB. */
    public static final long MAX_WINDOW_BYTES = 1L << 40;

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
        require(
                windowBytes >= MIN_WINDOW_BYTES && windowBytes <= MAX_WINDOW_BYTES,
                "windowBytes must be " + MIN_WINDOW_BYTES + " to " + MAX_WINDOW_BYTES,
                windowBytes);
        require(maxSessions >= 1 && maxSessions <= 100_000, "maxSessions must be 1 to 100000", maxSessions);
    }

    /** One with 256 MiB in flight and 1,000 sessions at most. */
    public EngineOptions(
            int dataLanes,
            long laneWindowBytes,
            int workers,
            Duration connectTimeout,
            int handshakesPerGrant,
            Duration maxUnknown) {
        this(dataLanes, laneWindowBytes, workers, connectTimeout, handshakesPerGrant, maxUnknown, 256L << 20, 1_000);
    }

    /** Up to eight data lanes of 4 MiB, at least four workers, half a minute, 64 handshakes, an hour. */
    public static EngineOptions defaults() {
        int workers = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
        return new EngineOptions(8, 4L << 20, workers, Duration.ofSeconds(30), 64, Duration.ofHours(1));
    }

    /**
     * What {@link #windowBytes} fits a heap: a sixteenth of it, and no more than 256 MiB. What comes, what waits to be sent, and a frame for
     * each lane of sessions at either end take as much each, so all of them together a quarter.
     */
    public static long windowBytesFor(long heapBytes) {
        return Math.max(MIN_WINDOW_BYTES, Math.min(256L << 20, heapBytes / 16));
    }

    /** The same with other bounds of what runs at once. */
    public EngineOptions with(int lanes, long allWindowsBytes, int sessions) {
        return new EngineOptions(
                lanes,
                laneWindowBytes,
                workers,
                connectTimeout,
                handshakesPerGrant,
                maxUnknown,
                allWindowsBytes,
                sessions);
    }

    private static void require(boolean ok, String rule, long value) {
        if (!ok) {
            throw new IllegalArgumentException(rule + ": " + value);
        }
    }
}
