package io.ferrymesh.scheme;

import java.security.SecureRandom;

/** The user's part of a migration's key: 32 random bytes both providers get from the user. Scheme, The migration grant. */
public final class Psk extends FixedSecret {

    /** Bytes in a pre-shared key. */
    public static final int LENGTH = 32;

    private Psk(byte[] value) {
        super(value, LENGTH);
    }

    /** A fresh key. */
    public static Psk random(SecureRandom random) {
        byte[] drawn = Bytes.random(random, LENGTH);
        try {
            return new Psk(drawn);
        } finally {
            Bytes.wipe(drawn);
        }
    }

    /** The key of exactly 32 bytes; the argument is copied and stays the caller's to wipe. */
    public static Psk of(byte[] value) {
        return new Psk(value);
    }
}
