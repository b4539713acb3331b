package io.ferrymesh.provider.accounts;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * What a client gets when it logs in and shows when it does so again: that it, of all who come from its network, was let in
 * before. It lets nobody in. A name, an expiry and a MAC over both, the account's name and its hashed password, with which it
 * ends; nothing is stored. Any thread.
 */
final class Devices {

    static final Duration GOOD_FOR = Duration.ofDays(90);

    private static final int ID_BYTES = 16;
    private static final int TOKEN_BYTES = ID_BYTES + Long.BYTES + AccountSecrets.LENGTH;
    private static final int CHARACTERS = (TOKEN_BYTES * 4 + 2) / 3;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final AccountSecrets secrets;
    private final SecureRandom random;

    Devices(AccountSecrets secrets, SecureRandom random) {
        this.secrets = secrets;
        this.random = random;
    }

    /** The random name of the device that shows this; empty unless it was given to one that logged in to this account. */
    Optional<byte[]> known(String account, Optional<String> hash, Optional<String> token, long now) {
        return token.filter(given -> given.length() == CHARACTERS).flatMap(given -> known(account, hash, given, now));
    }

    private Optional<byte[]> known(String account, Optional<String> hash, String token, long now) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        byte[] id = Arrays.copyOf(bytes, ID_BYTES);
        long expires = ByteBuffer.wrap(bytes).getLong(ID_BYTES);
        boolean good = MessageDigest.isEqual(bytes, bytes(account, hash, id, expires)) && expires > now;
        return good ? Optional.of(id) : Optional.empty();
    }

    /** For a device that has just logged in, by its name if it has one. */
    String token(String account, Optional<String> hash, Optional<byte[]> known, long now) {
        byte[] id = known.orElseGet(this::fresh);
        return ENCODER.encodeToString(bytes(account, hash, id, now + GOOD_FOR.toMillis()));
    }

    private byte[] fresh() {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return id;
    }

    private byte[] bytes(String account, Optional<String> hash, byte[] id, long expires) {
        byte[] until = ByteBuffer.allocate(Long.BYTES).putLong(expires).array();
        byte[] mac = secrets.mac(
                AccountSecrets.Purpose.DEVICE,
                account.getBytes(StandardCharsets.UTF_8),
                hash.orElse("").getBytes(StandardCharsets.UTF_8),
                id,
                until);
        return ByteBuffer.allocate(TOKEN_BYTES).put(id).put(until).put(mac).array();
    }
}
