package io.ferrymesh.migration;

import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Credential;
import io.ferrymesh.scheme.HandshakeResult;
import io.ferrymesh.scheme.KgcPublicKey;

/**
 * What a completed handshake leaves behind.
 *
 * @param session its name between the two processes
 * @param kgc the key under which both ends have authenticated
 * @param keys traffic keys, handshake hash and the peer's certificate
 * @param own what this end said of itself
 * @param peer what the peer said of itself, authenticated
 * @param signing signs this end's part of the receipt; stays its owner's
 * @param ownAgreement this end's certificate in the handshake
 */
record Established(
        SessionId session,
        KgcPublicKey kgc,
        HandshakeResult keys,
        Introduction own,
        Introduction peer,
        Credential signing,
        Certificate ownAgreement)
        implements AutoCloseable {

    /** How many data lanes there are: what both can do. */
    int dataLanes() {
        return Math.min(own.dataLanes(), peer.dataLanes());
    }

    /** Wipes the keys and both offers, of a session that does not begin; others end what is theirs. */
    @Override
    public void close() {
        keys.close();
        own.close();
        peer.close();
    }
}
