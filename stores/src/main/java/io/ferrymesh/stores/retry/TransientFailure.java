package io.ferrymesh.stores.retry;

import io.ferrymesh.stores.StoreException;
import java.time.Duration;
import java.util.Optional;

/** A failure that may be gone the next time: throttling, an error of the server, a lost connection, missing bytes. */
public final class TransientFailure extends Exception {

    private final StoreException failure;
    private final transient Optional<Duration> retryAfter;

    /**
     * @param failure what the caller gets to see when no further attempt is made
     * @param retryAfter the pause the server asked for
     */
    public TransientFailure(StoreException failure, Optional<Duration> retryAfter) {
        super(failure.getMessage(), failure);
        this.failure = failure;
        this.retryAfter = retryAfter;
    }

    /** What the caller gets to see when no further attempt is made. */
    public StoreException failure() {
        return failure;
    }

    /** The pause the server asked for. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
