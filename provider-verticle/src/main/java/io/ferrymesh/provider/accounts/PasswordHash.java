package io.ferrymesh.provider.accounts;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** A stored Argon2id hash in the PHC string format: {@code $argon2id$v=19$m=…,t=…,p=1$salt$hash}. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PasswordHash(Argon2Cost cost, byte[] salt, byte[] hash) {

    static final int SALT_BYTES = 16;
    static final int HASH_BYTES = 32;

    private static final Pattern FORMAT = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,2}),p=1" + "\\$([A-Za-z0-9+/]{22})\\$([A-Za-z0-9+/]{43})");

    /** Hashes; costs what {@code cost} says. */
    static PasswordHash of(Argon2Cost cost, byte[] salt, byte[] input) {
        byte[] hash = new byte[HASH_BYTES];
        Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
        argon2.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(cost.memoryKib())
                .withIterations(cost.iterations())
                .withParallelism(1)
                .withSalt(salt)
                .build());
        int unused = argon2.generateBytes(input, hash);
        return new PasswordHash(cost, salt, hash);
    }

    /** Empty if it is not of this form, or asks for more than the bounds of {@link Argon2Cost}. */
    static Optional<PasswordHash> parse(String text) {
        Matcher matcher = FORMAT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            Argon2Cost cost = new Argon2Cost(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
            Base64.Decoder decoder = Base64.getDecoder();
            return Optional.of(
                    new PasswordHash(cost, decoder.decode(matcher.group(3)), decoder.decode(matcher.group(4))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    boolean matches(byte[] input) {
        byte[] other = of(cost, salt, input).hash;
        try {
            return MessageDigest.isEqual(hash, other);
        } finally {
            Arrays.fill(other, (byte) 0);
        }
    }

    /** What every hash of a cost begins with. */
    static String beginning(Argon2Cost cost) {
        return "$argon2id$v=19$m=" + cost.memoryKib() + ",t=" + cost.iterations() + ",p=1$";
    }

    String text() {
        Base64.Encoder encoder = Base64.getEncoder().withoutPadding();
        return beginning(cost) + encoder.encodeToString(salt) + "$" + encoder.encodeToString(hash);
    }

    @Override
    public String toString() {
        return "***";
    }
}
