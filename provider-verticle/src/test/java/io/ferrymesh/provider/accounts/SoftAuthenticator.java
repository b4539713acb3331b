package io.ferrymesh.provider.accounts;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** An authenticator and a browser in one, which do what they should (WebAuthn level 3, sections 5 and 6) or what a test says. */
final class SoftAuthenticator {

    private static final int USER_PRESENT = 1;
    private static final int USER_VERIFIED = 4;
    private static final int BACKUP_ELIGIBLE = 8;
    private static final int ATTESTED = 64;

    private final KeyPair key = TestKeys.pair();
    private final byte[] credentialId = new byte[32];
    private byte[] userHandle = new byte[0];
    private long counter;

    String origin = "https://cloud.example";
    String rpId = "cloud.example";
    String createType = "webauthn.create";
    String getType = "webauthn.get";
    boolean crossOrigin;
    boolean verified = true;
    boolean present = true;
    boolean backupEligible;
    boolean counts = true;

    /** Instead of its own. */
    Optional<RSAPublicKey> rsa = Optional.empty();

    SoftAuthenticator() {
        new SecureRandom().nextBytes(credentialId);
    }

    String id() {
        return encoded(credentialId);
    }

    void setCounter(long value) {
        counter = value;
    }

    /** RegistrationResponseJSON. */
    String create(String optionsJson) {
        JsonObject options = new JsonObject(optionsJson);
        userHandle = Base64.getUrlDecoder().decode(options.getJsonObject("user").getString("id"));
        byte[] client = clientData(createType, options.getString("challenge"));
        byte[] authenticator = concat(authenticatorData(ATTESTED), attested());
        byte[] attestation = concat(
                new byte[] {(byte) 0xa3},
                text("fmt"),
                text("none"),
                text("attStmt"),
                new byte[] {(byte) 0xa0},
                text("authData"),
                bytes(authenticator));
        return credential(new JsonObject()
                .put("clientDataJSON", encoded(client))
                .put("attestationObject", encoded(attestation))
                .put("transports", new JsonArray().add("internal")));
    }

    /** AuthenticationResponseJSON. */
    String get(String optionsJson) {
        return get(optionsJson, userHandle);
    }

    String get(String optionsJson, byte[] handle) {
        JsonObject options = new JsonObject(optionsJson);
        counter += counts ? 1 : 0;
        byte[] client = clientData(getType, options.getString("challenge"));
        byte[] authenticator = authenticatorData(0);
        return credential(new JsonObject()
                .put("clientDataJSON", encoded(client))
                .put("authenticatorData", encoded(authenticator))
                .put("signature", encoded(sign(concat(authenticator, sha256(client)))))
                .put("userHandle", encoded(handle)));
    }

    private String credential(JsonObject response) {
        return new JsonObject()
                .put("id", id())
                .put("rawId", id())
                .put("type", "public-key")
                .put("authenticatorAttachment", "platform")
                .put("clientExtensionResults", new JsonObject())
                .put("response", response)
                .encode();
    }

    private byte[] clientData(String type, String challenge) {
        return new JsonObject()
                .put("type", type)
                .put("challenge", challenge)
                .put("origin", origin)
                .put("crossOrigin", crossOrigin)
                .encode()
                .getBytes(StandardCharsets.UTF_8);
    }

    private byte[] authenticatorData(int more) {
        int flags = more
                | (present ? USER_PRESENT : 0)
                | (verified ? USER_VERIFIED : 0)
                | (backupEligible ? BACKUP_ELIGIBLE : 0);
        return ByteBuffer.allocate(37)
                .put(sha256(rpId.getBytes(StandardCharsets.UTF_8)))
                .put((byte) flags)
                .putInt((int) counter)
                .array();
    }

    private byte[] attested() {
        return rsa.map(this::attested).orElseGet(this::attestedPoint);
    }

    /** COSE, RS256 (RFC 8230, section 4). */
    private byte[] attested(RSAPublicKey other) {
        byte[] id = ByteBuffer.allocate(16 + 2 + credentialId.length)
                .position(16)
                .putShort((short) credentialId.length)
                .put(credentialId)
                .array();
        byte[] head = {(byte) 0xa4, 1, 3, 3, 0x39, 1, 0, 0x20};
        return concat(
                id,
                head,
                bytes(unsigned(other.getModulus())),
                new byte[] {0x21},
                bytes(unsigned(other.getPublicExponent())));
    }

    private static byte[] unsigned(BigInteger value) {
        byte[] bytes = value.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private byte[] attestedPoint() {
        ECPublicKey point = (ECPublicKey) key.getPublic();
        return ByteBuffer.allocate(16 + 2 + credentialId.length + 77)
                .position(16)
                .putShort((short) credentialId.length)
                .put(credentialId)
                .put(new byte[] {(byte) 0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32})
                .put(fixed(point.getW().getAffineX()))
                .put(new byte[] {0x22, 0x58, 32})
                .put(fixed(point.getW().getAffineY()))
                .array();
    }

    private byte[] sign(byte[] content) {
        try {
            Signature ecdsa = Signature.getInstance("SHA256withECDSA");
            ecdsa.initSign(key.getPrivate());
            ecdsa.update(content);
            return ecdsa.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] fixed(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] fixed = new byte[32];
        int length = Math.min(32, bytes.length);
        System.arraycopy(bytes, bytes.length - length, fixed, 32 - length, length);
        return fixed;
    }

    private static byte[] text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return concat(new byte[] {(byte) (0x60 | utf8.length)}, utf8);
    }

    private static byte[] bytes(byte[] bytes) {
        return concat(new byte[] {0x59, (byte) (bytes.length >> 8), (byte) bytes.length}, bytes);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
