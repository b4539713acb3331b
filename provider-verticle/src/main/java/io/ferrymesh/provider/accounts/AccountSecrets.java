package io.ferrymesh.provider.accounts;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keys derived from the pepper, one for each purpose. Closing wipes them; prints {@code ***}. Any thread. */
final class AccountSecrets implements AutoCloseable {

    static final int LENGTH = 32;

    /** What a key is for. */
    enum Purpose {
        PASSWORD,
        REFRESH,
        THROTTLE,
        NETWORK,
        DEVICE,
        CHALLENGE,
        HANDLE
    }

    private static final String ALGORITHM = "HmacSHA256";

    private final Map<Purpose, byte[]> keys = new EnumMap<>(Purpose.class);
    private volatile boolean closed;

    AccountSecrets(AccountKeys source) {
        byte[] pepper = source.pepper();
        try {
            if (pepper.length != LENGTH) {
                throw new IllegalArgumentException("a pepper has 32 bytes: " + pepper.length);
            }
            for (Purpose purpose : Purpose.values()) {
                byte[] label = ("FERRYMESH-V1-ACCOUNTS-" + purpose).getBytes(StandardCharsets.US_ASCII);
                keys.put(purpose, hmac(pepper, label));
            }
        } finally {
            Arrays.fill(pepper, (byte) 0);
        }
    }

    /** 32 bytes; of other parts, also where they run into the same bytes, another. */
    byte[] mac(Purpose purpose, byte[]... parts) {
        byte[] key = keys.get(purpose);
        if (key == null || closed) {
            throw new IllegalStateException("the accounts are closed");
        }
        return hmac(key, parts);
    }

    private static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            for (byte[] part : parts) {
                mac.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(part.length).flip());
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is not available", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        keys.values().forEach(key -> Arrays.fill(key, (byte) 0));
    }

    @Override
    public String toString() {
        return "***";
    }
}
