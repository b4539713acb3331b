package io.ferrymesh.migration;

import io.ferrymesh.mesh.DirectOffer;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.RendezvousKey;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.Handshake;
import io.ferrymesh.scheme.HandshakeSetup;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.PeerCheck;
import io.ferrymesh.scheme.Psk;
import io.ferrymesh.scheme.RefusalReason;
import io.ferrymesh.scheme.Rendezvous;
import io.ferrymesh.scheme.RevocationView;
import io.ferrymesh.scheme.RevocationView.Status;
import io.ferrymesh.scheme.Usage;
import java.util.Optional;

/** Sets handshakes up with this process's trust and clock, and looks again at who was let in. Any thread. */
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

    /** What this end says of itself. */
    Introduction introduction(Credential signing, Optional<DirectOffer> offer) {
        return new Introduction(engine.mesh().address(), engine.options().dataLanes(), signing.certificate(), offer);
    }

    /** Refuses a signing certificate that could not have passed in the handshake but for its usage. */
    void checkSigning(KgcPublicKey kgc, Certificate signing) {
        check(Usage.SIGNING, kgc, engine.trust().revocation()).check(signing).ifPresent(reason -> {
            throw new MeshException(ErrorCode.HANDSHAKE_REFUSED, "the peer's signing certificate: " + reason);
        });
    }

    /**
     * Before a receipt is signed: the peer may have been revoked, the key have been retired, or either end's signing
     * certificate have expired. Who was good at the handshake stays so while nobody can say, but not for ever.
     */
    void recheck(Established with, PeerStanding peer) {
        if (!isTrusted(with.kgc())) {
            throw new MeshException(ErrorCode.KEY_RETIRED, "the key of this session is no longer trusted");
        }
        peer.require();
        RevocationView lenient = (pseudonym, now) ->
                engine.trust().revocation().status(pseudonym, now) == Status.REVOKED ? Status.REVOKED : Status.GOOD;
        PeerCheck check = check(Usage.SIGNING, with.kgc(), lenient);
        check.check(with.peer().signing()).ifPresent(reason -> refuse("the peer's signing certificate", reason));
        check.check(with.own().signing()).ifPresent(reason -> refuse("the own signing certificate", reason));
    }

    /** Whether a key has not been retired meanwhile. */
    boolean isTrusted(KgcPublicKey kgc) {
        return engine.trust().keys().contains(kgc);
    }

    private static void refuse(String what, RefusalReason reason) {
        ErrorCode code = reason == RefusalReason.REVOKED ? ErrorCode.REVOKED : ErrorCode.HANDSHAKE_REFUSED;
        throw new MeshException(code, what + ": " + reason);
    }

    private HandshakeSetup setup(MigrationId id, Psk psk, Credential agreement) {
        KgcPublicKey kgc = agreement.kgc();
        PeerCheck check = check(Usage.KEY_AGREEMENT, kgc, engine.trust().revocation());
        return new HandshakeSetup(kgc, id, psk, agreement, check, engine.random());
    }

    private PeerCheck check(Usage usage, KgcPublicKey kgc, RevocationView revocation) {
        return PeerCheck.forUsage(usage, kgc, now(), revocation);
    }

    private long now() {
        return engine.clock().instant().getEpochSecond();
    }
}
