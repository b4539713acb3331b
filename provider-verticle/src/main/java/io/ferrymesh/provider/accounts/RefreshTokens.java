package io.ferrymesh.provider.accounts;

import io.ferrymesh.scheme.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Refresh tokens: base64url of the session (16 bytes), 32 random bytes and a MAC of both (16 bytes). By the MAC a token that was
 * once given out is known from one that somebody made up: only the former can end a session.
 */
final class RefreshTokens {

    static final int SESSION_BYTES = 16;

    private static final int RANDOM_BYTES = 32;
    private static final int MAC_BYTES = 16;
    private static final int LENGTH = SESSION_BYTES + RANDOM_BYTES + MAC_BYTES;
    private static final int CHARACTERS = (LENGTH * 8 + 5) / 6;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    /** One that was given out at some time. */
    record Genuine(String session, Digest sha256) {}

    private final AccountSecrets secrets;
    private final SecureRandom random;

    RefreshTokens(AccountSecrets secrets, SecureRandom random) {
        this.secrets = secrets;
        this.random = random;
    }

    /** What no session was ever called. */
    String newSessionId() {
        byte[] id = new byte[SESSION_BYTES];
        random.nextBytes(id);
        return ENCODER.encodeToString(id);
    }

    String issue(String session) {
        byte[] token = Arrays.copyOf(Base64.getUrlDecoder().decode(session), LENGTH);
        byte[] drawn = new byte[RANDOM_BYTES];
        random.nextBytes(drawn);
        System.arraycopy(drawn, 0, token, SESSION_BYTES, RANDOM_BYTES);
        System.arraycopy(mac(token), 0, token, LENGTH - MAC_BYTES, MAC_BYTES);
        return ENCODER.encodeToString(token);
    }

    /** Empty if it was never given out. */
    Optional<Genuine> parse(String token) {
        if (token.length() != CHARACTERS) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        boolean genuine = bytes.length == LENGTH
                && ENCODER.encodeToString(bytes).equals(token)
                && MessageDigest.isEqual(mac(bytes), Arrays.copyOfRange(bytes, LENGTH - MAC_BYTES, LENGTH));
        if (!genuine) {
            return Optional.empty();
        }
        String session = ENCODER.encodeToString(Arrays.copyOf(bytes, SESSION_BYTES));
        return Optional.of(new Genuine(session, sha256(token)));
    }

    private byte[] mac(byte[] token) {
        byte[] signed = Arrays.copyOf(token, LENGTH - MAC_BYTES);
        return Arrays.copyOf(secrets.mac(AccountSecrets.Purpose.REFRESH, signed), MAC_BYTES);
    }

    static Digest sha256(String token) {
        return Digest.sha256(token.getBytes(StandardCharsets.UTF_8));
    }
}
