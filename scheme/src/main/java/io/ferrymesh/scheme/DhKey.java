package io.ferrymesh.scheme;

/** One secret scalar, ready for Diffie-Hellman on P-256. */
@FunctionalInterface
interface DhKey {

    /** The 32-byte x-coordinate of the shared point, the caller's to wipe. */
    byte[] agree(Point peer);
}
