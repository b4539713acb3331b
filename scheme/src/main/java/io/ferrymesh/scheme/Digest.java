package io.ferrymesh.scheme;

/** A SHA-256 value. */
public final class Digest extends FixedBytes {

    /** Bytes in a digest. */
    public static final int LENGTH = 32;

    private Digest(byte[] value) {
        super(value, LENGTH);
    }

    /** The digest of exactly 32 bytes. */
    public static Digest of(byte[] value) {
        return new Digest(value);
    }

    /** The digest written as 64 hex digits; anything else is malformed. */
    public static Digest parse(String hex) {
        return new Digest(Bytes.hex(hex, LENGTH, "a digest"));
    }

    /** The SHA-256 of the parts, one after the other. */
    public static Digest sha256(byte[]... parts) {
        var sha = CryptoProvider.active().newSha256();
        for (byte[] part : parts) {
            sha.update(part);
        }
        return new Digest(sha.digest());
    }
}
