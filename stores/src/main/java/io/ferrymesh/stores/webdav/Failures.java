package io.ferrymesh.stores.webdav;

import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.retry.RetryAfter;
import io.ferrymesh.stores.retry.TransientFailure;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** From the server's refusals to the store's. */
final class Failures {

    private Failures() {}

    /** A status that its caller has no use for: a failure for good, or one thrown that may be gone the next time. */
    static StoreException ofStatus(int status, HttpHeaders headers, Access access, Object object, InstantSource clock)
            throws TransientFailure {
        String message = object + ": the server answered " + status;
        return switch (status) {
            case 401, 403 -> new StoreException(access.refused(), message);
            case 404, 410 -> new StoreException(StoreError.NOT_FOUND, object + ": not found");
            case 413 -> new StoreException(access.refused(), message + ", too large");
            case 414, 431 -> new StoreException(StoreError.UNSUPPORTED_PATH, message + ", too long");
            case 507 -> new StoreException(StoreError.FULL, message + ", no space is left");
            case 429 -> throw again(StoreError.THROTTLED, message, retryAfter(headers, clock));
            case 503 -> {
                Optional<Duration> pause = retryAfter(headers, clock);
                throw again(pause.isPresent() ? StoreError.THROTTLED : StoreError.UNAVAILABLE, message, pause);
            }
            case 408, 502, 504 -> throw again(StoreError.UNAVAILABLE, message, Optional.empty());
            case 423, 500 -> throw again(StoreError.IO_ERROR, message, retryAfter(headers, clock));
            default -> new StoreException(StoreError.IO_ERROR, message);
        };
    }

    /** A connection that could not be had, or no answer in time. */
    static TransientFailure unavailable(Object object, String what, Throwable cause) {
        return new TransientFailure(
                new StoreException(StoreError.UNAVAILABLE, object + ": " + what, cause), Optional.empty());
    }

    /** A connection or an answer that broke off, or made no sense. */
    static TransientFailure broken(Object object, IOException cause) {
        return new TransientFailure(
                new StoreException(
                        StoreError.IO_ERROR, object + ": the answer broke off: " + cause.getMessage(), cause),
                Optional.empty());
    }

    static StoreException interrupted(Object object, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new StoreException(StoreError.IO_ERROR, object + ": interrupted", cause);
    }

    private static TransientFailure again(StoreError error, String message, Optional<Duration> pause) {
        return new TransientFailure(new StoreException(error, message), pause);
    }

    private static Optional<Duration> retryAfter(HttpHeaders headers, InstantSource clock) {
        return headers.firstValue("Retry-After").flatMap(value -> RetryAfter.parse(value, clock.instant()));
    }
}
