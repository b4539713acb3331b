package io.ferrymesh.migration;

/** A handshake is refused; only this process learns why. */
final class Refused extends RuntimeException {

    private final Refusals.Reason reason;

    Refused(Refusals.Reason reason, String detail) {
        super(detail);
        this.reason = reason;
    }

    Refused(Refusals.Reason reason, String detail, Throwable cause) {
        super(detail, cause);
        this.reason = reason;
    }

    Refusals.Reason reason() {
        return reason;
    }
}
