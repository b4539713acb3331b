package io.ferrymesh.scheme;

import java.math.BigInteger;
import java.security.MessageDigest;

/** {@code H2S} of the scheme: RFC 9380 hash_to_field into the integers mod n, one element, L = 48. */
final class HashToScalar {

    private static final int LENGTH = 48;
    private static final int BLOCK = 64;
    private static final int DIGEST = 32;

    private HashToScalar() {}

    /** {@code H2S(label, parts joined)}. */
    static BigInteger of(String label, byte[]... parts) {
        byte[] uniform = expand(Bytes.ascii("FERRYMESH-V1-" + label), LENGTH, parts);
        BigInteger scalar = new BigInteger(1, uniform).mod(P256.N);
        Bytes.wipe(uniform);
        return scalar;
    }

    /** As {@link #of}, for results that are multiplied as secrets: zero, which nobody will ever see, is an error. */
    static BigInteger nonZero(String label, byte[]... parts) {
        BigInteger scalar = of(label, parts);
        if (scalar.signum() == 0) {
            throw new IllegalStateException("a hash gave the scalar zero");
        }
        return scalar;
    }

    /** expand_message_xmd with SHA-256, RFC 9380 section 5.3.1. */
    static byte[] expand(byte[] dst, int length, byte[]... parts) {
        int blocks = (length + DIGEST - 1) / DIGEST;
        if (blocks > 255 || length > 65535 || dst.length > 255) {
            throw new IllegalArgumentException("expand_message_xmd asked for too much");
        }
        MessageDigest sha = CryptoProvider.active().newSha256();
        byte[] first = firstBlock(sha, dst, length, parts);
        byte[] output = new byte[length];
        byte[] block = new byte[DIGEST];
        for (int i = 1; i <= blocks; i++) {
            block = block(sha, first, block, i, dst);
            int at = (i - 1) * DIGEST;
            System.arraycopy(block, 0, output, at, Math.min(DIGEST, length - at));
        }
        Bytes.wipe(first, block);
        return output;
    }

    private static byte[] firstBlock(MessageDigest sha, byte[] dst, int length, byte[]... parts) {
        sha.update(new byte[BLOCK]);
        for (byte[] part : parts) {
            sha.update(part);
        }
        sha.update(new byte[] {(byte) (length >>> 8), (byte) length, 0});
        return finish(sha, dst);
    }

    /** {@code H((b_0 xor b_(i-1)) || i || DST')}; the block before the first is zero. */
    private static byte[] block(MessageDigest sha, byte[] first, byte[] previous, int index, byte[] dst) {
        byte[] mixed = previous;
        for (int i = 0; i < DIGEST; i++) {
            mixed[i] ^= first[i];
        }
        sha.update(mixed);
        sha.update((byte) index);
        return finish(sha, dst);
    }

    private static byte[] finish(MessageDigest sha, byte[] dst) {
        sha.update(dst);
        sha.update((byte) dst.length);
        return sha.digest();
    }
}
