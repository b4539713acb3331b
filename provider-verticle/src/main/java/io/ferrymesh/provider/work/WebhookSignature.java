package io.ferrymesh.provider.work;

import io.ferrymesh.scheme.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How a webhook knows that it is told by this provider: the headers of Standard Webhooks. The signature is HMAC-SHA256 over
 * {@code id.timestamp.body}, so that neither of them can be changed, and what is old can be refused.
 */
final class WebhookSignature {

    /** Bytes of a secret. */
    static final int SECRET_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] LABEL = "ferrymesh webhook".getBytes(StandardCharsets.US_ASCII);

    private WebhookSignature() {}

    /** A secret as its owner gets it. */
    static String text(byte[] secret) {
        return "whsec_" + Base64.getEncoder().encodeToString(secret);
    }

    /** The same for the same event, however often it is sent, and never that of another, also after a database was restored. */
    static String id(WebhookTable.Delivery delivery) {
        byte[] drawn = delivery.message().orElse("").getBytes(StandardCharsets.UTF_8);
        byte[] name = delivery.webhook().name().getBytes(StandardCharsets.UTF_8);
        byte[] numbers = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(delivery.webhook().account().value())
                .putLong(delivery.number())
                .array();
        return "msg_" + Digest.sha256(LABEL, numbers, drawn, name).hex().substring(0, 32);
    }

    /** What a request says of itself. */
    static Map<String, String> headers(String id, long nowMs, String body, byte[] secret) {
        String timestamp = Long.toString(Math.floorDiv(nowMs, 1_000L));
        byte[] signed = (id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("User-Agent", "Ferrymesh");
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", timestamp);
        headers.put("webhook-signature", "v1," + Base64.getEncoder().encodeToString(mac(secret, signed)));
        return headers;
    }

    private static byte[] mac(byte[] secret, byte[] signed) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return mac.doFinal(signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }
}
