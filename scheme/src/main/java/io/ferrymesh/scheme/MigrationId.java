package io.ferrymesh.scheme;

import java.security.SecureRandom;

/** The name of one migration: 16 random bytes drawn by the user's client. Scheme, The migration grant. */
public final class MigrationId extends FixedBytes {

    /** Bytes in a migration id. */
    public static final int LENGTH = 16;

    private MigrationId(byte[] value) {
        super(value, LENGTH);
    }

    /** A fresh id. */
    public static MigrationId random(SecureRandom random) {
        return new MigrationId(Bytes.random(random, LENGTH));
    }

    /** The id of exactly 16 bytes. */
    public static MigrationId of(byte[] value) {
        return new MigrationId(value);
    }

    /** The id written as 32 hex digits; anything else is malformed. */
    public static MigrationId parse(String hex) {
        return new MigrationId(Bytes.hex(hex, LENGTH, "a migration id"));
    }
}
