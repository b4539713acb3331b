package io.ferrymesh.scheme;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;

/** HKDF as the Noise specification uses it (revision 34, section 4.3), which is RFC 5869 with an empty info. */
final class NoiseHkdf {

    private static final int LENGTH = 32;
    private static final byte[] ONE = {1};

    private NoiseHkdf() {}

    /** The first output alone. */
    static byte[] first(byte[] chainingKey, byte[] inputKeyMaterial) {
        return outputs(chainingKey, inputKeyMaterial, 1)[0];
    }

    /** The first {@code count} outputs, each 32 bytes and the caller's to wipe. */
    static byte[][] outputs(byte[] chainingKey, byte[] inputKeyMaterial, int count) {
        byte[] temporary = hmac(chainingKey, inputKeyMaterial);
        byte[][] outputs = new byte[count][];
        outputs[0] = hmac(temporary, ONE);
        for (int i = 1; i < count; i++) {
            outputs[i] = hmac(temporary, outputs[i - 1], new byte[] {(byte) (i + 1)});
        }
        Bytes.wipe(temporary);
        return outputs;
    }

    static byte[] hmac(byte[] key, byte[]... parts) {
        try (var secret = new RawKey(key, "HmacSHA256")) {
            Mac mac = CryptoProvider.active().newHmacSha256();
            mac.init(secret);
            for (byte[] part : parts) {
                mac.update(part);
            }
            byte[] result = mac.doFinal();
            if (result.length != LENGTH) {
                throw new IllegalStateException("HMAC-SHA256 gave " + result.length + " bytes");
            }
            return result;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 is not available", e);
        }
    }
}
