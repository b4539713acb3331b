package io.ferrymesh.provider.keys;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.VoucherKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * All secrets that a provider draws itself. Whoever has them and the database can guess passwords, act as any user and use the
 * stored pseudonyms. Every process of the provider has the same. Any thread; closing it wipes it and every key it gave out, but
 * for those of tokens, which the JDK keeps in a form that cannot be wiped.
 */
public final class ProviderSecrets implements AutoCloseable {

    /** Bytes of the pepper, and of the data key. */
    static final int LENGTH = 32;

    private static final byte[] SALT = ascii("FERRYMESH-V1-PROVIDER");
    private static final Pattern LABEL = Pattern.compile("[A-Z][A-Z -]{0,31}");
    /** What {@link #id} is derived with; no label for sealing begins so. */
    private static final String IDENTITY = "id";
    /** The same for {@link #vouchers}; the grant's id comes behind it. */
    private static final String VOUCHERS = "vouchers";

    private final byte[] pepper;
    private final byte[] dataKey;
    private final List<SigningKey> signing;
    private final SecureRandom random;
    private final Map<String, SealingKey> sealing = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Copies the two secrets. */
    ProviderSecrets(byte[] pepper, byte[] dataKey, List<SigningKey> signing, SecureRandom random) {
        if (pepper.length != LENGTH || dataKey.length != LENGTH || signing.isEmpty()) {
            throw new IllegalArgumentException("a provider has a pepper, a data key and a signing key");
        }
        this.pepper = pepper.clone();
        this.dataKey = dataKey.clone();
        List<SigningKey> sorted = new ArrayList<>(signing);
        sorted.sort(Comparator.comparingInt(SigningKey::number));
        this.signing = List.copyOf(sorted);
        this.random = random;
    }

    /** Fresh ones, in memory only. */
    public static ProviderSecrets generate(SecureRandom random) {
        byte[] pepper = new byte[LENGTH];
        byte[] dataKey = new byte[LENGTH];
        byte[] scalar = SigningKey.draw(random);
        random.nextBytes(pepper);
        random.nextBytes(dataKey);
        try {
            return new ProviderSecrets(pepper, dataKey, List.of(SigningKey.of(1, 0, scalar)), random);
        } finally {
            wipe(pepper, dataKey, scalar);
        }
    }

    /** By what a database and a key file are known to belong together. No secret; the keys of tokens do not change it. */
    public Digest id() {
        requireOpen();
        return Digest.of(derive(IDENTITY, pepper, dataKey));
    }

    /** A copy of what passwords are hashed with besides themselves, 32 bytes, the caller's to wipe. */
    public byte[] pepper() {
        byte[] copy = pepper.clone();
        requireOpen();
        return copy;
    }

    /**
     * The keys that access tokens are verified with. The last one signs: the newest that is active by then; those that are only
     * announced come first.
     */
    public List<SigningKey> signingKeys(long nowSeconds) {
        requireOpen();
        List<SigningKey> sorted = new ArrayList<>(signing);
        sorted.sort(Comparator.comparing((SigningKey key) -> key.activeFrom() <= nowSeconds)
                .thenComparingInt(SigningKey::number));
        return sorted;
    }

    /**
     * The key for one purpose, of which the label is the name; as long as this is open. What is sealed for one purpose does not
     * open for another.
     *
     * @param label upper-case letters, blanks and hyphens, at most 32
     */
    public SealingKey sealing(String label) {
        if (!LABEL.matcher(label).matches()) {
            throw new IllegalArgumentException("a label is 1 to 32 upper-case letters, blanks and hyphens: " + label);
        }
        SealingKey key =
                sealing.computeIfAbsent(label, absent -> new SealingKey(derive(absent, dataKey), absent, random));
        if (closed) {
            key.close();
        }
        requireOpen();
        return key;
    }

    /**
     * The key of a grant's vouchers, the caller's to close. The same as long as the data key is. Scheme, Vouchers.
     *
     * @param drawn what is known of this grant alone, and of none that has its id later
     */
    public VoucherKey vouchers(MigrationId grant, byte[] drawn) {
        byte[] extracted = hmac(SALT, dataKey);
        byte[] key = hmac(extracted, ascii(VOUCHERS), grant.bytes(), drawn, new byte[] {1});
        try {
            requireOpen();
            return VoucherKey.of(key);
        } finally {
            wipe(extracted, key);
        }
    }

    /** RFC 5869 with one block, and the label as info. */
    private static byte[] derive(String label, byte[]... secrets) {
        byte[] extracted = hmac(SALT, secrets);
        try {
            return hmac(extracted, ascii(label), new byte[] {1});
        } finally {
            wipe(extracted);
        }
    }

    private static byte[] hmac(byte[] key, byte[]... parts) {
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

    private static void wipe(byte[]... secrets) {
        for (byte[] secret : secrets) {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the provider's secrets are closed");
        }
    }

    @Override
    public void close() {
        closed = true;
        sealing.values().forEach(SealingKey::close);
        wipe(pepper, dataKey);
    }

    @Override
    public String toString() {
        return "***";
    }
}
