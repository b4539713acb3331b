package io.ferrymesh.provider.work;

import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.VoucherKey;

/** Seals the keys of grants and migrations for as long as the database holds them, and makes those that no database holds. Any thread. */
public interface PskSeal {

    /** The sealed form, bound to {@code associated}. The argument stays the caller's to wipe. */
    byte[] seal(byte[] psk, byte[] associated);

    /** What was sealed with the same associated data, the caller's to wipe; a RuntimeException if that was not so. */
    byte[] open(byte[] sealed, byte[] associated);

    /**
     * The key of a grant's vouchers, the caller's to close: the same in every process of this provider, and in none of another.
     *
     * @param drawn what is known of this grant alone, and of none that has its id later
     */
    VoucherKey vouchers(MigrationId grant, byte[] drawn);
}
