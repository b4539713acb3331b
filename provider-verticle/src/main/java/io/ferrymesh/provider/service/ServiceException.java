package io.ferrymesh.provider.service;

import java.util.OptionalLong;

/** A refusal. The message is for the user: it names what was wrong and what would be right, and holds no secret. */
public final class ServiceException extends RuntimeException {

    private final ServiceError error;
    private final OptionalLong retryAfterSeconds;

    public ServiceException(ServiceError error, String message) {
        this(error, message, OptionalLong.empty());
    }

    /** With the time after which the same may be tried again. */
    public ServiceException(ServiceError error, String message, OptionalLong retryAfterSeconds) {
        super(message);
        this.error = error;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** With its cause, which is for the log. */
    public ServiceException(ServiceError error, String message, Throwable cause) {
        super(message, cause);
        this.error = error;
        this.retryAfterSeconds = OptionalLong.empty();
    }

    public ServiceError error() {
        return error;
    }

    /** Empty where waiting does not help, or nobody knows how long. */
    public OptionalLong retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
