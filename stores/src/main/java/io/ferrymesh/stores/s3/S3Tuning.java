package io.ferrymesh.stores.s3;

import io.ferrymesh.stores.retry.RetryPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What an {@link S3Store} does with time and memory.
 *
 * @param retries for every request
 * @param requestTimeout for one attempt of a request; large bodies get a second more for each 256 KiB. More than 0
 * @param writeBytes of memory for what is being written, over all objects; beyond it parts wait in temporary files. At least
 *     0
 * @param readBytes of memory for reading ahead, over all objects; beyond it what is asked for is fetched and no more. At
 *     least 0
 * @param serverTimes whether an object's time is when it was stored, instead of the modification time that was stored with
 *     it. A listing then costs one request for 1,000 objects instead of one more for each object
 * @param listingPage how many keys are asked for at a time, 1 to 1,000
 * @param spool an existing directory for those temporary files; empty for the system's
 * @param abandonedAfter how old multipart uploads below the prefix must be to be aborted when the store opens, whoever began
 *     them, those that are kept to be resumed among them; empty to leave them alone. At least an hour
 */
public record S3Tuning(
        RetryPolicy retries,
        Duration requestTimeout,
        long writeBytes,
        long readBytes,
        boolean serverTimes,
        int listingPage,
        Optional<Path> spool,
        Optional<Duration> abandonedAfter) {

    /** What suits most. */
    public static final S3Tuning DEFAULT = new S3Tuning(
            RetryPolicy.DEFAULT,
            Duration.ofSeconds(30),
            96L << 20,
            64L << 20,
            false,
            1_000,
            Optional.empty(),
            Optional.of(Duration.ofDays(14)));

    private static final int MOST_KEYS = 1_000;

    /** Refuses what cannot work. */
    public S3Tuning {
        if (requestTimeout.isNegative() || requestTimeout.isZero()) {
            throw new IllegalArgumentException("requestTimeout must be > 0: " + requestTimeout);
        }
        if (writeBytes < 0) {
            throw new IllegalArgumentException("writeBytes must be >= 0: " + writeBytes);
        }
        if (readBytes < 0) {
            throw new IllegalArgumentException("readBytes must be >= 0: " + readBytes);
        }
        if (listingPage < 1 || listingPage > MOST_KEYS) {
            throw new IllegalArgumentException("listingPage must be 1 to " + MOST_KEYS + ": " + listingPage);
        }
        if (spool.filter(directory -> !Files.isDirectory(directory)).isPresent()) {
            throw new IllegalArgumentException("spool must be an existing directory: " + spool.get());
        }
        if (abandonedAfter.filter(age -> age.compareTo(Duration.ofHours(1)) < 0).isPresent()) {
            throw new IllegalArgumentException("abandonedAfter must be at least an hour: " + abandonedAfter.get());
        }
    }

    /** The same with other retries. */
    public S3Tuning withRetries(RetryPolicy newRetries) {
        return new S3Tuning(
                newRetries, requestTimeout, writeBytes, readBytes, serverTimes, listingPage, spool, abandonedAfter);
    }

    /** The same with the server's times, or the objects' own. */
    public S3Tuning withServerTimes(boolean newServerTimes) {
        return new S3Tuning(
                retries, requestTimeout, writeBytes, readBytes, newServerTimes, listingPage, spool, abandonedAfter);
    }

    /** The same with other pages of listings. */
    public S3Tuning withListingPage(int newListingPage) {
        return new S3Tuning(
                retries, requestTimeout, writeBytes, readBytes, serverTimes, newListingPage, spool, abandonedAfter);
    }

    /** The same with other bounds of memory. */
    public S3Tuning withMemory(long newWriteBytes, long newReadBytes) {
        return new S3Tuning(
                retries, requestTimeout, newWriteBytes, newReadBytes, serverTimes, listingPage, spool, abandonedAfter);
    }

    /** The same with another time for one attempt. */
    public S3Tuning withRequestTimeout(Duration newRequestTimeout) {
        return new S3Tuning(
                retries, newRequestTimeout, writeBytes, readBytes, serverTimes, listingPage, spool, abandonedAfter);
    }

    /** The same with another place for temporary files. */
    public S3Tuning withSpool(Optional<Path> newSpool) {
        return new S3Tuning(
                retries, requestTimeout, writeBytes, readBytes, serverTimes, listingPage, newSpool, abandonedAfter);
    }
}
