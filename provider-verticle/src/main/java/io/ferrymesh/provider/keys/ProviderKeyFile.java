package io.ferrymesh.provider.keys;

import io.ferrymesh.keyfile.KeyFileException;
import io.ferrymesh.keyfile.KeyFileException.Reason;
import io.ferrymesh.keyfile.SecretsFile;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file a provider's secrets live in: PKCS#12, encrypted under a passphrase, readable by its owner alone. All processes of a
 * provider use the same file, or copies of it. It holds {@code ferrymesh-provider-pepper}, {@code ferrymesh-provider-data} and a
 * {@code ferrymesh-provider-token-N-T} for each key of tokens, N being its number and T when it becomes active.
 */
public final class ProviderKeyFile {

    /** Most keys of tokens that are kept. */
    static final int MAX_SIGNING_KEYS = 16;

    /** How long a key of tokens stays after the next one is active, in seconds: longer than any token is valid. */
    static final long KEPT_SECONDS = 3_600;

    private static final String PREFIX = "ferrymesh-provider-";
    private static final String PEPPER = PREFIX + "pepper";
    private static final String DATA = PREFIX + "data";
    private static final Pattern TOKEN = Pattern.compile(PREFIX + "token-([1-9][0-9]{0,5})-(0|[1-9][0-9]{0,11})");
    private static final SecretsFile.Format FORMAT = new SecretsFile.Format(PREFIX, 2 + MAX_SIGNING_KEYS);

    private ProviderKeyFile() {}

    /** Writes fresh secrets to a file that does not exist yet; EXISTS if it does. Wipes the passphrase. */
    public static ProviderSecrets create(Path file, char[] passphrase, SecureRandom random) throws KeyFileException {
        return create(file, passphrase, SecretsFile.ITERATIONS, random);
    }

    static ProviderSecrets create(Path file, char[] passphrase, int iterations, SecureRandom random)
            throws KeyFileException {
        Map<String, byte[]> secrets = new HashMap<>();
        secrets.put(PEPPER, bytes(random));
        secrets.put(DATA, bytes(random));
        secrets.put(token(1, 0), SigningKey.draw(random));
        try (SecretsFile keyFile = at(file, passphrase, iterations, random)) {
            keyFile.create(secrets);
            return secrets(secrets, file, random);
        } finally {
            wipe(secrets);
        }
    }

    /** Reads the secrets. Wipes the passphrase. */
    public static ProviderSecrets load(Path file, char[] passphrase, SecureRandom random) throws KeyFileException {
        try (SecretsFile keyFile = at(file, passphrase, SecretsFile.ITERATIONS, random)) {
            Map<String, byte[]> secrets = keyFile.read();
            keyFile.warnIfOthersMayRead();
            try {
                return secrets(secrets, file, random);
            } finally {
                wipe(secrets);
            }
        }
    }

    /**
     * Adds the next key of tokens, which signs from {@code activeFrom} on, and drops those that nothing valid is signed with any
     * more. Gives its number. Processes that run know it when they are started anew, which should be before then. One at a time.
     * Wipes the passphrase.
     */
    public static int rotate(Path file, char[] passphrase, long nowSeconds, long activeFrom, SecureRandom random)
            throws KeyFileException {
        return rotate(file, passphrase, nowSeconds, activeFrom, SecretsFile.ITERATIONS, random);
    }

    static int rotate(
            Path file, char[] passphrase, long nowSeconds, long activeFrom, int iterations, SecureRandom random)
            throws KeyFileException {
        if (activeFrom < nowSeconds) {
            Arrays.fill(passphrase, '\0');
            throw new IllegalArgumentException("a new signing key is active from now on or later: " + activeFrom);
        }
        try (SecretsFile keyFile = at(file, passphrase, iterations, random)) {
            Map<String, byte[]> secrets = keyFile.read();
            try (ProviderSecrets before = secrets(secrets, file, random)) {
                List<SigningKey> keys = before.signingKeys(Long.MAX_VALUE);
                SigningKey newest = keys.get(keys.size() - 1);
                dropUnused(keys, newest, nowSeconds, secrets);
                requireRoom(file, newest, nowSeconds, secrets);
                secrets.put(token(newest.number() + 1, activeFrom), SigningKey.draw(random));
                keyFile.replace(secrets);
                return newest.number() + 1;
            } finally {
                wipe(secrets);
            }
        }
    }

    /**
     * Puts the secrets under another passphrase. Copies of the file keep the one they have. Processes that run are not concerned
     * until they are started anew. Wipes both passphrases.
     */
    public static void changePassphrase(Path file, char[] passphrase, char[] newPassphrase, SecureRandom random)
            throws KeyFileException {
        changePassphrase(file, passphrase, newPassphrase, SecretsFile.ITERATIONS, random);
    }

    static void changePassphrase(
            Path file, char[] passphrase, char[] newPassphrase, int iterations, SecureRandom random)
            throws KeyFileException {
        try (SecretsFile keyFile = at(file, passphrase, iterations, random)) {
            Map<String, byte[]> held = keyFile.read();
            try {
                secrets(held, file, random).close(); // refuses a file of something else
            } finally {
                wipe(held);
            }
            keyFile.changePassphrase(newPassphrase);
        } finally {
            Arrays.fill(newPassphrase, '\0');
        }
    }

    private static void dropUnused(List<SigningKey> keys, SigningKey newest, long now, Map<String, byte[]> secrets) {
        if (newest.activeFrom() + KEPT_SECONDS > now) {
            return;
        }
        for (SigningKey key : keys) {
            if (key.number() < newest.number()) {
                String name = token(key.number(), key.activeFrom());
                Optional.ofNullable(secrets.remove(name)).ifPresent(scalar -> Arrays.fill(scalar, (byte) 0));
            }
        }
    }

    private static void requireRoom(Path file, SigningKey newest, long now, Map<String, byte[]> secrets)
            throws KeyFileException {
        if (newest.activeFrom() > now) {
            throw new KeyFileException(
                    Reason.EXISTS, "key file " + file + " has a signing key already that is not active yet");
        }
        if (secrets.size() >= FORMAT.maxSecrets()) {
            throw new KeyFileException(
                    Reason.EXISTS,
                    "key file " + file + " has " + MAX_SIGNING_KEYS + " signing keys that may be in use; try again in "
                            + KEPT_SECONDS + " s");
        }
    }

    private static SecretsFile at(Path file, char[] passphrase, int iterations, SecureRandom random)
            throws KeyFileException {
        try {
            return SecretsFile.at(file, passphrase, FORMAT, iterations, random);
        } finally {
            Arrays.fill(passphrase, '\0');
        }
    }

    /** What a file's secrets are, no more and no less than they should be. */
    private static ProviderSecrets secrets(Map<String, byte[]> secrets, Path file, SecureRandom random)
            throws KeyFileException {
        List<SigningKey> signing = new ArrayList<>();
        try {
            for (Map.Entry<String, byte[]> each : secrets.entrySet()) {
                Matcher token = TOKEN.matcher(each.getKey());
                if (token.matches()) {
                    signing.add(SigningKey.of(
                            Integer.parseInt(token.group(1)), Long.parseLong(token.group(2)), each.getValue()));
                }
            }
        } catch (IllegalArgumentException e) {
            throw new KeyFileException(Reason.NOT_A_KEY_FILE, "key file " + file + " holds no usable keys", e);
        }
        Optional<byte[]> pepper = Optional.ofNullable(secrets.get(PEPPER));
        Optional<byte[]> data = Optional.ofNullable(secrets.get(DATA));
        long numbers = signing.stream().map(SigningKey::number).distinct().count();
        boolean whole = pepper.isPresent() && data.isPresent() && numbers > 0 && secrets.size() == 2 + numbers;
        if (!whole) {
            throw new KeyFileException(
                    Reason.NOT_A_KEY_FILE, "key file " + file + " is a key store with other keys in it");
        }
        return new ProviderSecrets(pepper.get(), data.get(), signing, random);
    }

    private static String token(int number, long activeFrom) {
        return PREFIX + "token-" + number + "-" + activeFrom;
    }

    private static byte[] bytes(SecureRandom random) {
        byte[] bytes = new byte[ProviderSecrets.LENGTH];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void wipe(Map<String, byte[]> secrets) {
        secrets.values().forEach(secret -> Arrays.fill(secret, (byte) 0));
    }
}
