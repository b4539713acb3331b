package io.ferrymesh.scheme;

import java.security.SecureRandom;

/**
 * What one side brings to a handshake. The psk and the credential stay the caller's: the handshake copies what it needs and
 * wipes its copies.
 */
public record HandshakeSetup(
        KgcPublicKey kgc, MigrationId id, Psk psk, Credential own, PeerCheck peerCheck, SecureRandom random) {

    /** Refuses a credential of another usage or key centre. */
    void requireUsable() {
        if (own.certificate().info().usage() != Usage.KEY_AGREEMENT) {
            throw new IllegalArgumentException("the own certificate is not for key agreement");
        }
        if (!own.kgc().equals(kgc)) {
            throw new IllegalArgumentException("the own certificate is another key centre's");
        }
    }
}
