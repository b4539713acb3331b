package io.ferrymesh.scheme;

/**
 * The handshake is over and its secrets are wiped. The peer may be told {@code handshake refused} and nothing more; the
 * reason is for the own log and counters.
 */
public final class HandshakeRefusedException extends RefusedException {

    HandshakeRefusedException(RefusalReason reason) {
        super("handshake", reason);
    }
}
