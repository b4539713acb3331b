package io.ferrymesh.provider.accounts;

import io.ferrymesh.scheme.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Challenges for passkeys. A challenge is the MAC of its id, and the id says what it is for, for whom and until when: nothing is
 * stored when one is asked for, which anybody may do, and nobody can make one up. Used, it has a row until it expires.
 */
final class Challenges {

    static final Duration GOOD_FOR = Duration.ofMinutes(5);

    /** What a challenge is for. */
    enum Purpose {
        ADD(1),
        REGISTER(2),
        LOGIN(3);

        private final byte code;

        Purpose(int code) {
            this.code = (byte) code;
        }
    }

    /**
     * One that can be answered.
     *
     * @param id for the client to name it by, at most 128 characters
     * @param subject for whom, in the purpose's own terms; at most 64 characters
     */
    record Challenge(String id, Purpose purpose, String subject, long expiresAt) {}

    private static final int NONCE_BYTES = 16;
    private static final int FIXED_BYTES = 1 + Long.BYTES + NONCE_BYTES;
    private static final int MOST_CHARACTERS = 128;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final AccountSecrets secrets;
    private final SecureRandom random;

    Challenges(AccountSecrets secrets, SecureRandom random) {
        this.secrets = secrets;
        this.random = random;
    }

    Challenge issue(Purpose purpose, String subject, long now) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] text = subject.getBytes(StandardCharsets.UTF_8);
        long expires = now + GOOD_FOR.toMillis();
        byte[] id = ByteBuffer.allocate(FIXED_BYTES + text.length)
                .put(purpose.code)
                .putLong(expires)
                .put(nonce)
                .put(text)
                .array();
        return new Challenge(ENCODER.encodeToString(id), purpose, subject, expires);
    }

    /** What an id that a client names says; whether it was ever issued shows when its challenge was signed. Empty if expired. */
    Optional<Challenge> named(Purpose purpose, String id, long now) {
        if (id.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(id));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.remaining() < FIXED_BYTES || bytes.get() != purpose.code) {
            return Optional.empty();
        }
        long expires = bytes.getLong();
        bytes.position(FIXED_BYTES);
        String subject = StandardCharsets.UTF_8.decode(bytes).toString();
        // By the clock of a process that may be a little behind, no challenge is good for more than twice its time.
        boolean good = expires > now && expires <= now + 2 * GOOD_FOR.toMillis();
        return good ? Optional.of(new Challenge(id, purpose, subject, expires)) : Optional.empty();
    }

    /** 32 bytes that an authenticator signs. */
    byte[] bytes(Challenge challenge) {
        return secrets.mac(AccountSecrets.Purpose.CHALLENGE, idBytes(challenge));
    }

    /** 32 bytes that go with it, for the user handle of an account that does not exist yet. */
    byte[] userHandle(Challenge challenge) {
        return secrets.mac(AccountSecrets.Purpose.HANDLE, idBytes(challenge));
    }

    /** Marks it as used; says whether it was not before. */
    boolean spend(Handle handle, Challenge challenge) {
        return handle.createUpdate("INSERT INTO spent_challenge (sha256, expires_at) VALUES (:sha256, :expires)"
                                + " ON CONFLICT (sha256) DO NOTHING")
                        .bind("sha256", Digest.sha256(bytes(challenge)).bytes())
                        .bind("expires", challenge.expiresAt())
                        .execute()
                == 1;
    }

    /** The same for every way to write the id. */
    private static byte[] idBytes(Challenge challenge) {
        return Base64.getUrlDecoder().decode(challenge.id());
    }
}
