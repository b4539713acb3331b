package io.ferrymesh.provider.accounts;

import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which passwords there can be: UTF-8 in normal form C, so that the same characters are the same password on every keyboard. */
final class Passwords {

    static final int LEAST_BYTES = 10;
    static final int MOST_BYTES = 256;

    private static final int MOST_GIVEN = 4 * MOST_BYTES;
    private static final Set<ByteBuffer> COMMON = common();

    private Passwords() {}

    /** What proves an owner: a copy in normal form, the caller's to wipe; empty if it can be nobody's. */
    static Optional<byte[]> offered(byte[] given) {
        if (given.length > MOST_GIVEN) {
            return Optional.empty();
        }
        return normal(given).filter(password -> {
            boolean possible = password.length >= LEAST_BYTES && password.length <= MOST_BYTES;
            if (!possible) {
                Arrays.fill(password, (byte) 0);
            }
            return possible;
        });
    }

    /** One that may be set: a copy in normal form, the caller's to wipe. INVALID. */
    static byte[] chosen(String account, byte[] given) {
        byte[] password = offered(given)
                .orElseThrow(() -> new ServiceException(
                        ServiceError.INVALID, "password: 10 to 256 bytes of UTF-8 without control characters"));
        if (isGuessable(account, password)) {
            Arrays.fill(password, (byte) 0);
            throw new ServiceException(
                    ServiceError.INVALID, "password: one of the first that anybody would try; take another");
        }
        return password;
    }

    private static Optional<byte[]> normal(byte[] given) {
        CharBuffer characters;
        try {
            characters = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(given));
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
        try {
            if (characters.chars().anyMatch(Character::isISOControl)) {
                return Optional.empty();
            }
            if (Normalizer.isNormalized(characters, Normalizer.Form.NFC)) {
                return Optional.of(given.clone());
            }
            return Optional.of(
                    Normalizer.normalize(characters, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8));
        } finally {
            Arrays.fill(characters.array(), '\0');
        }
    }

    /** Common ones, with anything but letters behind them too; few different characters; rows; the account's own name. */
    private static boolean isGuessable(String account, byte[] password) {
        byte[] lower = password.clone();
        try {
            for (int i = 0; i < lower.length; i++) {
                lower[i] = (byte) (lower[i] >= 'A' && lower[i] <= 'Z' ? lower[i] + ('a' - 'A') : lower[i]);
            }
            int end = lower.length;
            while (end > 0 && !Character.isLetter(lower[end - 1] & 0x7f) && lower[end - 1] >= 0) {
                end--;
            }
            ByteBuffer stem = ByteBuffer.wrap(lower, 0, end);
            ByteBuffer name = ByteBuffer.wrap(account.getBytes(StandardCharsets.US_ASCII));
            ByteBuffer whole = ByteBuffer.wrap(lower);
            return COMMON.contains(whole)
                    || COMMON.contains(stem)
                    || whole.equals(name)
                    || stem.equals(name)
                    || hasFewDifferent(lower)
                    || isRow(lower);
        } finally {
            Arrays.fill(lower, (byte) 0);
        }
    }

    private static boolean hasFewDifferent(byte[] password) {
        boolean[] seen = new boolean[256];
        int different = 0;
        for (byte each : password) {
            if (!seen[each & 0xff]) {
                seen[each & 0xff] = true;
                different++;
            }
        }
        return different < 4;
    }

    private static boolean isRow(byte[] password) {
        int rises = 0;
        int falls = 0;
        for (int i = 1; i < password.length; i++) {
            rises += follows(password[i - 1], password[i]) ? 1 : 0;
            falls += follows(password[i], password[i - 1]) ? 1 : 0;
        }
        int most = password.length - 2;
        return rises >= most || falls >= most;
    }

    private static boolean follows(byte one, byte next) {
        return next - one == 1 || (one == '9' && next == '0');
    }

    private static Set<ByteBuffer> common() {
        try (InputStream list = Passwords.class.getResourceAsStream("common-passwords.txt")) {
            if (list == null) {
                throw new IllegalStateException("common-passwords.txt is missing");
            }
            return new String(list.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
