package io.ferrymesh.provider.work;

/** Seals the keys of grants and migrations for as long as the database holds them. Any thread. */
public interface PskSeal {

    /** The sealed form, bound to {@code associated}. The argument stays the caller's to wipe. */
    byte[] seal(byte[] psk, byte[] associated);

    /** What was sealed with the same associated data, the caller's to wipe; a RuntimeException if that was not so. */
    byte[] open(byte[] sealed, byte[] associated);
}
