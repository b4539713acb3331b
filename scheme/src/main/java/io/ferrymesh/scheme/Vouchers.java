package io.ferrymesh.scheme;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import javax.crypto.Mac;

/**
 * Issues the vouchers of one migration, and checks them when the destination brings them back. One thread at a time. What the
 * JDK keeps of the key inside its Mac cannot be wiped; it goes with this object. Scheme, Vouchers.
 */
public final class Vouchers {

    private static final byte[] LABEL = "FERRYMESH-V1-VOUCHER".getBytes(StandardCharsets.US_ASCII);

    private final Mac mac;
    private final MigrationId migration;

    Vouchers(byte[] key, MigrationId migration) {
        try (var secret = new RawKey(key, "HmacSHA256")) {
            mac = CryptoProvider.active().newHmacSha256();
            mac.init(secret);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 is not available", e);
        }
        this.migration = migration;
    }

    /**
     * Says that a segment of an object had this digest, as long as the object is listed with this size and modification time.
     *
     * @param path the object's, in UTF-8
     * @param segment from 0
     */
    public Voucher issue(byte[] path, long size, Instant modified, int segment, Digest digest) {
        return issue(path, size, modified, segment, digest, "");
    }

    /**
     * The same, as long as the object has this content as well.
     *
     * @param content what the store calls the content that was read, its etag; empty to say nothing of it
     */
    @SuppressWarnings("JavaInstantGetSecondsGetNano") // both are covered
    public Voucher issue(byte[] path, long size, Instant modified, int segment, Digest digest, String content) {
        mac.update(LABEL);
        mac.update(migration.raw());
        mac.update(ByteBuffer.allocate(2 + path.length + 8 + 8 + 4 + 4)
                .putShort((short) path.length)
                .put(path)
                .putLong(size)
                .putLong(modified.getEpochSecond())
                .putInt(modified.getNano())
                .putInt(segment)
                .array());
        mac.update(digest.raw());
        if (!content.isEmpty()) {
            byte[] name = content.getBytes(StandardCharsets.UTF_8);
            mac.update(ByteBuffer.allocate(2 + name.length)
                    .putShort((short) name.length)
                    .put(name)
                    .array());
        }
        return Voucher.of(Arrays.copyOf(mac.doFinal(), Voucher.LENGTH));
    }

    /** Whether {@code issue} gave this one for the same. */
    public boolean isMine(Voucher voucher, byte[] path, long size, Instant modified, int segment, Digest digest) {
        return isMine(voucher, path, size, modified, segment, digest, "");
    }

    /** Whether {@code issue} gave this one for the same, content included. */
    public boolean isMine(
            Voucher voucher, byte[] path, long size, Instant modified, int segment, Digest digest, String content) {
        return MessageDigest.isEqual(
                voucher.raw(),
                issue(path, size, modified, segment, digest, content).raw());
    }
}
