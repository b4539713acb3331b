package io.ferrymesh.scheme;

/** A well-formed input that must not be trusted. The reason is for the own log and counters, never for the peer. */
public class RefusedException extends SchemeException {

    private final RefusalReason reason;

    RefusedException(String what, RefusalReason reason) {
        super(what + " refused: " + reason);
        this.reason = reason;
    }

    /** Why, for logs and counters. */
    public final RefusalReason reason() {
        return reason;
    }
}
