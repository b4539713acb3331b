package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.stores.StoreException;
import java.util.Optional;

/**
 * Why a round did not bring its object.
 *
 * @param code what the object fails with if nothing else helps
 * @param kind what may help
 * @param etag of what was found to differ
 */
record Setback(ErrorCode code, Kind kind, Optional<String> etag) {

    enum Kind {
        /** Nothing does. */
        FINAL,
        /** Time may. */
        PASSING,
        /** Time may: the store did not answer, for whatever object. */
        AWAY,
        /** What is there has other content: the policy decides. */
        DIFFERS,
        /** Something took the name between looking and publishing. */
        TAKEN
    }

    private Setback(ErrorCode code, Kind kind) {
        this(code, kind, Optional.empty());
    }

    static Setback last(ErrorCode code) {
        return new Setback(code, Kind.FINAL);
    }

    static Setback passing(ErrorCode code) {
        return new Setback(code, Kind.PASSING);
    }

    static Setback differs(Optional<String> etag) {
        return new Setback(ErrorCode.CONFLICT, Kind.DIFFERS, etag);
    }

    static Setback of(StoreException e) {
        return switch (e.error()) {
            case EXISTS -> new Setback(ErrorCode.CONFLICT, Kind.TAKEN);
            case CHANGED -> new Setback(ErrorCode.CONFLICT, Kind.PASSING);
            case FULL -> last(ErrorCode.DESTINATION_FULL);
            case UNSUPPORTED_PATH -> last(ErrorCode.UNSUPPORTED_PATH);
            case UNSUPPORTED_METADATA -> last(ErrorCode.UNSUPPORTED_METADATA);
            case NOT_READABLE, NOT_WRITABLE -> last(ErrorCode.DESTINATION_FAILED);
            case NOT_FOUND, IO_ERROR -> passing(ErrorCode.DESTINATION_FAILED);
            case THROTTLED, UNAVAILABLE -> new Setback(ErrorCode.DESTINATION_FAILED, Kind.AWAY);
        };
    }
}
