package io.ferrymesh.scheme;

import java.security.SecureRandom;

/** The one-time secret with which a provider that has no credential yet makes its first request: 32 bytes. */
public final class EnrolmentToken extends FixedSecret {

    /** Bytes in a token. */
    public static final int LENGTH = 32;

    private EnrolmentToken(byte[] value) {
        super(value, LENGTH);
    }

    /** A fresh token. */
    public static EnrolmentToken random(SecureRandom random) {
        byte[] drawn = Bytes.random(random, LENGTH);
        try {
            return new EnrolmentToken(drawn);
        } finally {
            Bytes.wipe(drawn);
        }
    }

    /** The token of exactly 32 bytes; the argument is copied and stays the caller's to wipe. */
    public static EnrolmentToken of(byte[] value) {
        return new EnrolmentToken(value);
    }

    /** What the key centre stores and looks up instead of the token. */
    public Digest digest() {
        return Digest.sha256(raw());
    }
}
