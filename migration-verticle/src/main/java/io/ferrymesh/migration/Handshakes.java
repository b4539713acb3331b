package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.RendezvousKey;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Handshake;
import io.ferrymesh.scheme.HandshakeSetup;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.PeerCheck;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.scheme.Rendezvous;
import io.ferrymesh.scheme.RevocationView;
import io.ferrymesh.scheme.Usage;

/** Sets handshakes up with this process's root of trust, clock and revocation list. Any thread. */
final class Handshakes {

    private final EngineContext engine;

    Handshakes(EngineContext engine) {
        this.engine = engine;
    }

    static RendezvousKey key(Rendezvous rendezvous) {
        return new RendezvousKey(rendezvous.hex());
    }

    Handshake destination(DestinationOrder order, Credential agreement) {
        return Handshake.destination(setup(order.id(), order.psk(), agreement));
    }

    Handshake source(SourceOffer offer, Credential agreement) {
        return Handshake.source(setup(offer.id(), offer.psk(), agreement));
    }

    Introduction introduction(Credential signing) {
        return new Introduction(engine.mesh().address(), engine.options().dataLanes(), signing.certificate());
    }

    /** Refuses a signing certificate that could not have passed in the handshake but for its usage. */
    void checkSigning(Certificate signing) {
        check(Usage.SIGNING).check(signing).ifPresent(reason -> {
            throw new MeshException(ErrorCode.HANDSHAKE_REFUSED, "the peer's signing certificate: " + reason);
        });
    }

    /** Before a receipt is signed: the peer may have been revoked, or either end's signing certificate have expired. */
    void recheck(Established with) {
        checkSigning(with.peer().signing());
        checkSigning(with.own().signing());
        long now = engine.clock().instant().getEpochSecond();
        if (engine.revocation().status(with.keys().peerCertificate().pseudonym(), now) != RevocationView.Status.GOOD) {
            throw new MeshException(ErrorCode.REVOKED, "the peer's certificate is revoked, or nobody can say");
        }
    }

    private HandshakeSetup setup(MigrationId id, Psk psk, Credential agreement) {
        return new HandshakeSetup(engine.kgc(), id, psk, agreement, check(Usage.KEY_AGREEMENT), engine.random());
    }

    private PeerCheck check(Usage usage) {
        return PeerCheck.forUsage(usage, engine.kgc(), engine.clock().instant().getEpochSecond(), engine.revocation());
    }
}
