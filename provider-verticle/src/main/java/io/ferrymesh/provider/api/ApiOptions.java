package io.ferrymesh.provider.api;

import io.ferrymesh.provider.api.streams.EventTimes;
import io.ferrymesh.web.TrustedProxies;

/**
 * What the API puts up with. Refused when bad, with the key, the value and what would be right.
 *
 * @param workers threads on which services and stores are called
 * @param waiting calls that may wait for one; one more is OVERLOADED
 * @param passwordWorkers threads on which passwords are looked at, which takes long: as many as are hashed at once, and some
 *     that wait for the database; calls for them wait apart from all others
 * @param maxObjectBytes of the largest object that may be put
 * @param transfersPerAccount long objects and reports that are on their way at once
 * @param eventStreamsPerAccount at once
 * @param eventStreams of all accounts at once; they look for what is new on threads of their own
 * @param proxies who is believed about whose request it is
 */
public record ApiOptions(
        int workers,
        int waiting,
        int passwordWorkers,
        long maxObjectBytes,
        int transfersPerAccount,
        int eventStreamsPerAccount,
        int eventStreams,
        EventTimes eventTimes,
        TrustedProxies proxies) {

    /** For two cores and many clients; objects of up to 5 TiB, as S3 has them. */
    public static final ApiOptions DEFAULT =
            new ApiOptions(32, 1_024, 4, 5L << 40, 8, 8, 512, EventTimes.DEFAULT, TrustedProxies.NONE);

    private static final int MOST_WORKERS = 1_024;
    private static final int MOST_WAITING = 1 << 20;
    private static final int WAITING_FOR_EACH = 16;
    private static final int MOST_STREAMS = 1_024;

    /** Checks every value. */
    public ApiOptions {
        within("workers", workers, 1, MOST_WORKERS);
        within("waiting", waiting, 0, MOST_WAITING);
        within("passwordWorkers", passwordWorkers, 1, MOST_WORKERS);
        within("maxObjectBytes", maxObjectBytes, 0, Long.MAX_VALUE);
        within("transfersPerAccount", transfersPerAccount, 1, MOST_STREAMS);
        within("eventStreamsPerAccount", eventStreamsPerAccount, 1, MOST_STREAMS);
        within("eventStreams", eventStreams, eventStreamsPerAccount, MOST_WAITING);
    }

    /** Threads on which event streams look for what is new. */
    static final int EVENT_WORKERS = 4;

    /** Requests of an account that may wait for its share of the workers: as many as a client has connections. */
    static final int WAITING_PER_ACCOUNT = 256;

    /** Calls that may wait for a thread that looks at passwords; one more is OVERLOADED. */
    public int passwordsWaiting() {
        return passwordWorkers * WAITING_FOR_EACH;
    }

    private static void within(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(key + " must be from " + least + " to " + most + ": " + value);
        }
    }
}
