package io.ferrymesh.kgc.keys;

import io.ferrymesh.keyfile.KeyFileException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.TraceKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * All secrets of a key centre: the trace key, which is the same for ever, and the keys of its epochs, of which the first is
 * always there. Whoever has it can certify and trace. Any thread; whoever closes it makes sure nobody uses it any more.
 */
public final class KgcKeyring implements AutoCloseable {

    /** Most epochs that a key file holds. */
    public static final int MAX_EPOCHS = 1_000;

    /** Bytes of a commitment's salt. */
    private static final int SALT_LENGTH = 16;

    /** Bytes of a holder's name. */
    private static final int HOLDER_LENGTH = 16;

    /** Where the secrets are kept besides in memory. */
    interface Keeper extends AutoCloseable {

        /** Writes all of them, durably, or fails and leaves what was there. */
        void keep(KgcKeyring keyring) throws KeyFileException;

        @Override
        void close();
    }

    private final TraceKey trace;
    private final NavigableMap<Integer, EpochKeys> epochs = new ConcurrentSkipListMap<>();
    private final Keeper keeper;
    private final byte[] commitmentKey;
    private final byte[] operatorKey;
    private final byte[] tokenKey;
    private final byte[] holderKey;
    private final byte[] epochKey;

    KgcKeyring(TraceKey trace, Collection<EpochKeys> epochs, Keeper keeper) {
        this.trace = trace;
        epochs.forEach(epoch -> this.epochs.put(epoch.number(), epoch));
        this.keeper = keeper;
        byte[] secret = trace.copy();
        byte[] master = first().master().copy();
        this.commitmentKey = DerivedKeys.derive("COMMITMENT", secret);
        this.operatorKey = DerivedKeys.derive("OPERATOR", secret);
        this.tokenKey = DerivedKeys.derive("TOKEN", secret);
        this.holderKey = DerivedKeys.derive("HOLDER", secret);
        this.epochKey = DerivedKeys.derive("EPOCH", secret, master);
        Arrays.fill(secret, (byte) 0);
        Arrays.fill(master, (byte) 0);
    }

    /** Fresh ones with one epoch, kept in memory only. */
    public static KgcKeyring generate(SecureRandom random) {
        return new KgcKeyring(TraceKey.generate(random), List.of(EpochKeys.generate(1, random)), InMemory.KEEPER);
    }

    /** By what a database and a key file are known to belong together: the fingerprint of the first epoch. */
    public Digest centre() {
        return first().publicKey().fingerprint();
    }

    /** With which pseudonyms are made and opened. */
    public TraceKey trace() {
        return trace;
    }

    /** The keys of an epoch, if they are here. */
    public Optional<EpochKeys> epoch(int number) {
        return Optional.ofNullable(epochs.get(number));
    }

    /** All that are here, ascending. */
    public List<EpochKeys> epochs() {
        return List.copyOf(epochs.values());
    }

    /** Takes an epoch's keys into use. From then on they are closed with the keyring. */
    public void add(EpochKeys keys) {
        if (epochs.putIfAbsent(keys.number(), keys) != null) {
            throw new IllegalArgumentException("the keys of epoch " + keys.number() + " are here already");
        }
    }

    /** Writes the keyring to the file it came from, if it came from one: all of it, durably, or nothing. Slow. */
    public void save() throws KeyFileException {
        keeper.keep(this);
    }

    /** An epoch's keys for other nodes with the same key file. */
    public byte[] sealEpoch(EpochKeys keys, EpochTimes times, SecureRandom random) {
        return SealedEpochs.seal(epochKey, keys, times, random);
    }

    /** The keys that were sealed as this epoch's, with these times, under the same key file; empty for anything else. */
    public Optional<EpochKeys> openEpoch(EpochTimes times, byte[] sealed) {
        return SealedEpochs.open(epochKey, times, sealed);
    }

    /** The salt of the commitment to the certificate with this serial: 16 bytes nobody without the key can guess. */
    public byte[] salt(long serial) {
        return Arrays.copyOf(DerivedKeys.hmac(commitmentKey, u64(serial)), SALT_LENGTH);
    }

    /** {@code SHA-256(salt ‖ certificate)}. */
    public Digest commitment(long serial, byte[] certificate) {
        return Digest.sha256(salt(serial), certificate);
    }

    /** How an audit entry names the provider it is about to whoever has no trace key: another name in every entry. */
    public String holder(long auditSeq, long provider) {
        byte[] mac = DerivedKeys.hmac(holderKey, u64(auditSeq), u64(provider));
        return HexFormat.of().formatHex(mac, 0, HOLDER_LENGTH);
    }

    /** Vouches for an operator's row, of which that audit entry says that it was added; in hex. */
    public String operatorMac(String name, String role, Digest tokenSha256, long createdAt, long added) {
        byte[] who = name.getBytes(StandardCharsets.UTF_8);
        byte[] may = role.getBytes(StandardCharsets.UTF_8);
        byte[] mac = DerivedKeys.hmac(
                operatorKey,
                u64(who.length),
                who,
                u64(may.length),
                may,
                tokenSha256.bytes(),
                u64(createdAt),
                u64(added));
        return HexFormat.of().formatHex(mac);
    }

    /** Whether {@link #operatorMac} gave this. Takes as long either way. */
    public boolean vouches(String mac, String name, String role, Digest tokenSha256, long createdAt, long added) {
        String right = operatorMac(name, role, tokenSha256, createdAt, added);
        return same(mac, right);
    }

    /** Vouches for an enrolment token's row; in hex. */
    public String tokenMac(Digest tokenSha256, long provider, long expiresAt) {
        byte[] mac = DerivedKeys.hmac(tokenKey, tokenSha256.bytes(), u64(provider), u64(expiresAt));
        return HexFormat.of().formatHex(mac);
    }

    /** Whether {@link #tokenMac} gave this. Takes as long either way. */
    public boolean vouches(String mac, Digest tokenSha256, long provider, long expiresAt) {
        return same(mac, tokenMac(tokenSha256, provider, expiresAt));
    }

    private static boolean same(String mac, String right) {
        return MessageDigest.isEqual(
                mac.getBytes(StandardCharsets.US_ASCII), right.getBytes(StandardCharsets.US_ASCII));
    }

    private EpochKeys first() {
        return Optional.ofNullable(epochs.get(1))
                .orElseThrow(() -> new IllegalArgumentException("a key centre has the keys of its first epoch"));
    }

    private static byte[] u64(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    @Override
    public void close() {
        trace.close();
        epochs.values().forEach(EpochKeys::close);
        keeper.close();
        for (byte[] key : List.of(commitmentKey, operatorKey, tokenKey, holderKey, epochKey)) {
            Arrays.fill(key, (byte) 0);
        }
    }

    @Override
    public String toString() {
        return "KgcKeyring" + epochs.keySet();
    }

    /** Keeps them nowhere else. */
    private static final class InMemory implements Keeper {

        private static final Keeper KEEPER = new InMemory();

        @Override
        public void keep(KgcKeyring keyring) {
            // there is no file to write
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
