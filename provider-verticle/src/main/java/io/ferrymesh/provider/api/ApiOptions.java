package io.ferrymesh.provider.api;

import io.ferrymesh.provider.api.streams.EventTimes;

/**
 * What the API puts up with. Refused when bad, with the key, the value and what would be right.
 *
 * @param workers threads on which services and stores are called
 * @param waiting calls that may wait for one; one more is OVERLOADED
 * @param maxObjectBytes of the largest object that may be put
 * @param eventStreamsPerAccount at once
 */
public record ApiOptions(
        int workers, int waiting, long maxObjectBytes, int eventStreamsPerAccount, EventTimes eventTimes) {

    /** For two cores and many clients; objects of up to 5 TiB, as S3 has them. */
    public static final ApiOptions DEFAULT = new ApiOptions(32, 1_024, 5L << 40, 8, EventTimes.DEFAULT);

    private static final int MOST_WORKERS = 1_024;
    private static final int MOST_WAITING = 1 << 20;
    private static final int MOST_STREAMS = 1_024;

    /** Checks every value. */
    public ApiOptions {
        within("workers", workers, 1, MOST_WORKERS);
        within("waiting", waiting, 0, MOST_WAITING);
        within("maxObjectBytes", maxObjectBytes, 0, Long.MAX_VALUE);
        within("eventStreamsPerAccount", eventStreamsPerAccount, 1, MOST_STREAMS);
    }

    private static void within(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(key + " must be from " + least + " to " + most + ": " + value);
        }
    }
}
