package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.HandshakeRefusedException;
import org.slf4j.Logger;

/** Turns whatever went wrong into a code. The details stay in this process's log. */
final class Failures {

    private Failures() {}

    static MeshException of(Throwable cause, Logger log) {
        if (cause instanceof MeshException known) {
            return known;
        }
        if (cause instanceof HandshakeRefusedException refused) {
            return new MeshException(ErrorCode.HANDSHAKE_REFUSED, "handshake refused: " + refused.reason(), refused);
        }
        log.error("unexpected failure", cause);
        return new MeshException(ErrorCode.INTERNAL, "unexpected failure: " + cause, cause);
    }
}
