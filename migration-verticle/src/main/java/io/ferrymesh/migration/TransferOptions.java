package io.ferrymesh.migration;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How the destination's user wants a migration done.
 *
 * @param selection which objects
 * @param conflicts what happens where other content has an object's name
 * @param metadata how much content type and user metadata matter
 * @param verification how it is made sure that an object arrived
 * @param sourceChanged what happens to an object that changes at the source
 * @param attempts how often an object is tried in all, as long as trying again may help
 * @param firstPause before the second attempt; four times as long before each one after it, but at most a minute
 * @param dryRun whether only to look: nothing is moved and nothing signed
 * @param mirror whether the journal is told all that the source has, so that the rest can be removed afterwards
 * @param bytesPerSecond how fast objects may come at first; it can be changed while the migration runs
 */
public record TransferOptions(
        Selection selection,
        ConflictPolicy conflicts,
        MetadataPolicy metadata,
        Verification verification,
        SourceChangedPolicy sourceChanged,
        int attempts,
        Duration firstPause,
        boolean dryRun,
        boolean mirror,
        OptionalLong bytesPerSecond) {

    /** That leaves at the destination what the source has not. */
    public TransferOptions(
            Selection selection,
            ConflictPolicy conflicts,
            MetadataPolicy metadata,
            Verification verification,
            SourceChangedPolicy sourceChanged,
            int attempts,
            Duration firstPause,
            boolean dryRun,
            OptionalLong bytesPerSecond) {
        this(
                selection,
                conflicts,
                metadata,
                verification,
                sourceChanged,
                attempts,
                firstPause,
                dryRun,
                false,
                bytesPerSecond);
    }

    /** Most attempts an object may have. */
    public static final int MAX_ATTEMPTS = 10;

    /** The slowest a migration can be told to be. */
    public static final long MIN_BYTES_PER_SECOND = 1_024;

    /** Longest {@link #firstPause}. */
    public static final Duration MAX_PAUSE = Duration.ofMinutes(1);

    /** Everything; nothing that is there is touched; three attempts, a second apart at first; as fast as it goes. */
    public static final TransferOptions DEFAULTS = new TransferOptions(
            Selection.ALL,
            ConflictPolicy.SKIP_SAME,
            MetadataPolicy.PREFER,
            Verification.STREAM,
            SourceChangedPolicy.RETRY,
            3,
            Duration.ofSeconds(1),
            false,
            OptionalLong.empty());

    /** Refuses, by {@link IllegalArgumentException}, what is out of its range. */
    public TransferOptions {
        if (attempts < 1 || attempts > MAX_ATTEMPTS) {
            throw new IllegalArgumentException("attempts must be 1 to " + MAX_ATTEMPTS + ": " + attempts);
        }
        if (firstPause.isNegative() || firstPause.isZero() || firstPause.compareTo(MAX_PAUSE) > 0) {
            throw new IllegalArgumentException(
                    "firstPauseMs must be 1 to " + MAX_PAUSE.toMillis() + ": " + firstPause.toMillis());
        }
        requireRate(bytesPerSecond);
        if (mirror && (conflicts == ConflictPolicy.KEEP_BOTH || conflicts == ConflictPolicy.OVERWRITE_OLDER)) {
            throw new IllegalArgumentException(
                    "a mirror goes with the conflict policies SKIP_SAME, OVERWRITE and FAIL: " + conflicts);
        }
    }

    /** Refuses a rate below {@link #MIN_BYTES_PER_SECOND}. */
    static void requireRate(OptionalLong bytesPerSecond) {
        if (bytesPerSecond.orElse(MIN_BYTES_PER_SECOND) < MIN_BYTES_PER_SECOND) {
            throw new IllegalArgumentException(
                    "bytesPerSecond must be >= " + MIN_BYTES_PER_SECOND + ": " + bytesPerSecond.getAsLong());
        }
    }
}
