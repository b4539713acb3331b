package io.ferrymesh.scheme;

import java.security.SecureRandom;

/**
 * The key of one grant's vouchers: 32 bytes that every process of the source's provider can have again, and nobody else.
 * Scheme, Vouchers.
 */
public final class VoucherKey extends FixedSecret {

    /** Bytes in a key. */
    public static final int LENGTH = 32;

    private VoucherKey(byte[] value) {
        super(value, LENGTH);
    }

    /** The key of exactly 32 bytes; the argument is copied and stays the caller's to wipe. */
    public static VoucherKey of(byte[] value) {
        return new VoucherKey(value);
    }

    /** A fresh key, for a source that remembers nothing beyond its process. */
    public static VoucherKey random(SecureRandom random) {
        byte[] drawn = Bytes.random(random, LENGTH);
        try {
            return new VoucherKey(drawn);
        } finally {
            Bytes.wipe(drawn);
        }
    }

    /** Another holder of the same key, the caller's to close. */
    public VoucherKey another() {
        return new VoucherKey(raw());
    }

    /** Who issues and checks the vouchers of a migration under this key, which may be closed afterwards. */
    public Vouchers vouchers(MigrationId migration) {
        return new Vouchers(raw(), migration);
    }
}
