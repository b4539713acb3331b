package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.RevocationView.Status;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether a session's peer, which was good at the handshake, is still to be trusted: not when a certificate of its is
 * revoked, and not when nobody has been able to say so for too long, because whoever withholds revocations may be the one
 * whom they name. Any thread.
 */
final class PeerStanding {

    private final EngineContext engine;
    private final Established with;
    private final AtomicLong knownAtMs;

    /** Of a peer that has just been let in. */
    PeerStanding(EngineContext engine, Established with) {
        this.engine = engine;
        this.with = with;
        this.knownAtMs = new AtomicLong(engine.clock().millis());
    }

    /** Fails with REVOKED, or with UNAVAILABLE when it has been unknown for longer than the options allow. */
    void require() {
        long nowMs = engine.clock().millis();
        Status agreement = status(with.keys().peerCertificate(), nowMs);
        Status signing = status(with.peer().signing(), nowMs);
        if (agreement == Status.REVOKED || signing == Status.REVOKED) {
            throw new MeshException(ErrorCode.REVOKED, "a certificate of the peer's is revoked");
        }
        if (agreement == Status.GOOD && signing == Status.GOOD) {
            knownAtMs.set(nowMs);
        } else if (nowMs - knownAtMs.get() > engine.options().maxUnknown().toMillis()) {
            throw new MeshException(
                    ErrorCode.UNAVAILABLE,
                    "for more than " + engine.options().maxUnknown().toSeconds()
                            + " s nobody could say whether the peer is revoked");
        }
    }

    private Status status(Certificate certificate, long nowMs) {
        return engine.trust().revocation().status(certificate.pseudonym(), nowMs / 1_000);
    }
}
