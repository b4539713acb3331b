package io.ferrymesh.scheme;

import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContext;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;

/** RFC 9180 in base mode: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. */
final class Hpke {

    private Hpke() {}

    private static HPKE suite() {
        return new HPKE(HPKE.mode_base, HPKE.kem_P256_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
    }

    /** The sender's context; the ephemeral key is derived from 32 random bytes. */
    static HPKEContextWithEncapsulation sender(HpkePublicKey to, byte[] info, byte[] ephemeralSeed) {
        HPKE suite = suite();
        return suite.setupBaseS(suite.deserializePublicKey(to.raw()), info, suite.deriveKeyPair(ephemeralSeed));
    }

    static HPKEContext receiver(HpkeKeyPair keys, HpkePublicKey encapsulated, byte[] info) {
        HPKE suite = suite();
        byte[] secret = keys.copy();
        try {
            return suite.setupBaseR(
                    encapsulated.raw(),
                    suite.deserializePrivateKey(secret, keys.publicKey().raw()),
                    info);
        } finally {
            Bytes.wipe(secret);
        }
    }
}
