package io.ferrymesh.cli.user;

import java.io.IOException;

/** A provider's answer that it does not do what it was asked for. */
public final class RefusedException extends IOException {

    private final int status;
    private final String code;

    RefusedException(String request, int status, String code, String detail) {
        super(Printable.text(
                "%s: %d %s %s".formatted(request, status, code, detail).strip()));
        this.status = status;
        this.code = code;
    }

    public int status() {
        return status;
    }

    /** Of the project's closed set; empty if the answer had none. */
    public String code() {
        return code;
    }

    /** Whether the same may well succeed a moment later. */
    public boolean isPassing() {
        return status == 503 || status == 429;
    }
}
