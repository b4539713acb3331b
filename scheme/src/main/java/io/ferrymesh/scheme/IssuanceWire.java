package io.ferrymesh.scheme;

import org.bouncycastle.crypto.hpke.HPKEContext;

/** What both ends of issuance share: labels, versions and how replies are sealed. */
final class IssuanceWire {

    static final int REQUEST_VERSION = 2;
    static final int REPLY_VERSION = 1;
    static final int BY_TOKEN = 1;
    static final int BY_SIGNATURE = 2;

    /** Version, tag, encapsulated key, and more than any valid request is long. */
    static final int MAX_REQUEST = 2048;

    static final int REPLY_SALT = 32;
    static final int ISSUED_LENGTH = Certificate.LENGTH + Issued.Contribution.LENGTH;

    private static final byte[] REQUEST_LABEL = Bytes.ascii("FERRYMESH-V1-ISSUANCE");
    private static final byte[] REPLY_LABEL = Bytes.ascii("FERRYMESH-V1-ISSUANCE-REPLY");

    private IssuanceWire() {}

    /** What goes before the encapsulated key in the clear, and is authenticated with what is sealed. */
    static byte[] head(KgcTag kgc) {
        return Bytes.concat(new byte[] {REQUEST_VERSION}, kgc.raw());
    }

    /** HPKE's info: a request to one key centre opens at no other. */
    static byte[] info(KgcPublicKey kgc) {
        return Bytes.concat(REQUEST_LABEL, kgc.raw());
    }

    /** What an enrolled requester signs: with the encapsulated key in it, the request cannot be wrapped again. */
    static byte[] signed(KgcPublicKey kgc, byte[] encapsulated, byte[] body) {
        return Bytes.concat(REQUEST_LABEL, kgc.raw(), encapsulated, body);
    }

    /** The secret replies are sealed under, from the request's own HPKE context. */
    static RawKey replySecret(HPKEContext context) {
        byte[] exported = context.export(REPLY_LABEL, 32);
        try {
            return new RawKey(exported, "AES");
        } finally {
            Bytes.wipe(exported);
        }
    }

    /** The key of one reply: the salt makes it another one should a request ever be answered twice. */
    static RawKey replyKey(RawKey secret, byte[] salt) {
        byte[] derived = NoiseHkdf.first(secret.raw(), Bytes.concat(REPLY_LABEL, salt));
        try {
            return new RawKey(derived, "AES");
        } finally {
            Bytes.wipe(derived);
        }
    }
}
