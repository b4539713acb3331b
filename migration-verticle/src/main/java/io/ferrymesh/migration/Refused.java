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

    /** There are as many sessions as this process can hold, or it is not its turn. */
    static Refused overloaded() {
        return new Refused(Refusals.Reason.OVERLOADED, "as many sessions as this process can hold, or not its turn");
    }

    Refusals.Reason reason() {
        return reason;
    }
}
