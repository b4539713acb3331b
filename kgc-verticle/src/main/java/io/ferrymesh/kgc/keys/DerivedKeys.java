package io.ferrymesh.kgc.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA-256, and keys derived with it as in RFC 5869: one block, each purpose with a label of its own. */
final class DerivedKeys {

    private static final byte[] SALT = ascii("FERRYMESH-V1-KGC");

    private DerivedKeys() {}

    /** 32 bytes from the secrets, one after the other. The caller wipes them. */
    static byte[] derive(String label, byte[]... secrets) {
        byte[] extracted = hmac(SALT, secrets);
        try {
            return hmac(extracted, ascii(label), new byte[] {1});
        } finally {
            Arrays.fill(extracted, (byte) 0);
        }
    }

    static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is not available", e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
