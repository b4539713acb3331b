package io.ferrymesh.kgc.audit;

import io.ferrymesh.kgc.audit.AuditFinding.Kind;
import io.ferrymesh.kgc.audit.AuditReport.Vouched;
import io.ferrymesh.scheme.Bulletin;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.KgcPublicKey;
import io.ferrymesh.scheme.SchemeException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Checks signed bulletins against the log. Keys are those that the log announces. Trusted is the one with the pinned fingerprint,
 * and any that an entry announces which a bulletin under a trusted one covers.
 */
final class SignatureCheck {

    /** Where a bulletin says when it was issued: after magic and version. */
    private static final int ISSUED_AT = 5;
    /** Where it says how many audit entries there are: after two times, base and revocation number with their hashes. */
    private static final int ENTRIES_AT = ISSUED_AT + 2 * 4 + 2 * (8 + Digest.LENGTH);

    private record Key(int epoch, KgcPublicKey key, long announcedIn) {}

    private final Digest pin;
    private final Findings findings;
    private final Consumer<Bulletin> listener;
    private final Queue<byte[]> given;
    private final Map<Integer, Key> keys = new TreeMap<>();
    private final Map<Integer, Vouched> newest = new TreeMap<>();
    private long verified;

    /**
     * Begins.
     *
     * @param given bulletins from elsewhere, which this log must fit
     * @param listener is told of every bulletin that was signed for the log as far as it is now
     */
    SignatureCheck(Digest pin, List<byte[]> given, Findings findings, Consumer<Bulletin> listener) {
        this.pin = pin;
        this.listener = listener;
        this.findings = findings;
        this.given = new ArrayDeque<>(given.stream()
                .sorted(Comparator.comparingLong(SignatureCheck::entries))
                .toList());
    }

    /** An entry announces a key. */
    void announced(int epoch, KgcPublicKey key, long entry) {
        if (keys.putIfAbsent(epoch, new Key(epoch, key, entry)) != null) {
            findings.add(entry, Kind.KEYS, "key epoch " + epoch + " was announced before");
        }
    }

    /** A bulletin that is stored for this entry and epoch. */
    void stored(byte[] signed, int epoch, long seq, String hash) {
        Key key = keys.get(epoch);
        Optional<Bulletin> bulletin = key == null ? Optional.empty() : verify(signed, key.key);
        if (bulletin.isEmpty()) {
            findings.add(seq, Kind.BAD_SIGNATURE, "the bulletin stored for it was not signed by key epoch " + epoch);
        } else if (bulletin.get().auditEntries() != seq) {
            long other = bulletin.get().auditEntries();
            findings.add(seq, Kind.SIGNED_OTHERWISE, "the bulletin stored for it is for entry " + other);
        } else {
            compare(bulletin.get(), epoch, hash);
        }
    }

    /** The log has reached this entry. */
    void reached(long seq, String hash) {
        while (!given.isEmpty() && entries(given.element()) <= seq) {
            byte[] signed = given.remove();
            long entries = entries(signed);
            if (entries == seq) {
                verifyGiven(signed, Optional.of(hash));
            } else {
                verifyGiven(signed, entries == 0 ? Optional.of(AuditChain.START.hex()) : Optional.empty());
            }
        }
    }

    private void verifyGiven(byte[] signed, Optional<String> hash) {
        for (Key key : keys.values()) {
            Optional<Bulletin> bulletin = verify(signed, key.key);
            if (bulletin.isPresent() && hash.isPresent()) {
                compare(bulletin.get(), key.epoch, hash.get());
                return;
            }
            if (bulletin.isPresent()) {
                long entries = bulletin.get().auditEntries();
                findings.add(
                        entries, Kind.SIGNED_OTHERWISE, "key epoch " + key.epoch + " signed it, but it is not there");
                return;
            }
        }
        findings.add(
                Math.max(0, entries(signed)), Kind.BAD_SIGNATURE, "the bulletin given is signed by no key of this log");
    }

    /** The log has no more entries than this. */
    void ended(long entries) {
        while (!given.isEmpty()) {
            byte[] signed = given.remove();
            Optional<Key> signer = keys.values().stream()
                    .filter(key -> verify(signed, key.key).isPresent())
                    .findFirst();
            long promised = entries(signed);
            if (signer.isPresent()) {
                String what = "key epoch " + signer.get().epoch + " signed a log of " + promised
                        + " entries; this one has " + entries;
                findings.add(promised, Kind.CUT_OFF, what);
            } else {
                findings.add(promised, Kind.BAD_SIGNATURE, "the bulletin given is signed by no key of this log");
            }
        }
    }

    private void compare(Bulletin bulletin, int epoch, String hash) {
        long entry = bulletin.auditEntries();
        if (!bulletin.auditHash().toString().equals(hash)) {
            findings.add(
                    entry,
                    Kind.SIGNED_OTHERWISE,
                    "key epoch " + epoch + " signed another entry here, or others before it");
            return;
        }
        verified++;
        listener.accept(bulletin);
        Vouched vouched = new Vouched(entry, epoch, Instant.ofEpochSecond(bulletin.issued()));
        newest.merge(epoch, vouched, (old, fresh) -> fresh.entry() >= old.entry() ? fresh : old);
    }

    /** How many were verified, whatever they are worth. */
    long verified() {
        return verified;
    }

    /** How far trusted signatures reach. Once the log has ended. */
    Optional<Vouched> vouched() {
        Set<Integer> trusted = new HashSet<>();
        long reach = 0;
        boolean grew = true;
        while (grew) {
            grew = false;
            for (Key key : keys.values()) {
                boolean introduced = !trusted.isEmpty() && key.announcedIn <= reach;
                if (!introduced && !key.key.fingerprint().equals(pin)) {
                    continue;
                }
                grew |= trusted.add(key.epoch);
                reach = Math.max(
                        reach,
                        newest.containsKey(key.epoch) ? newest.get(key.epoch).entry() : 0);
            }
        }
        newest.keySet().stream()
                .filter(epoch -> !trusted.contains(epoch))
                .forEach(epoch -> findings.add(
                        Kind.BAD_SIGNATURE, "nothing that the pinned key signed introduces key epoch " + epoch));
        if (keys.values().stream().noneMatch(key -> key.key.fingerprint().equals(pin))) {
            findings.add(Kind.KEYS, "no entry announces the key with the pinned fingerprint " + pin);
        }
        return newest.values().stream()
                .filter(each -> trusted.contains(each.keyEpoch()))
                .max(Comparator.comparingLong(Vouched::entry));
    }

    private static Optional<Bulletin> verify(byte[] signed, KgcPublicKey key) {
        if (signed.length != Bulletin.SIGNED_LENGTH) {
            return Optional.empty();
        }
        long issued = Integer.toUnsignedLong(ByteBuffer.wrap(signed).getInt(ISSUED_AT));
        try {
            return Optional.of(Bulletin.verify(signed, key, issued));
        } catch (SchemeException e) {
            return Optional.empty();
        }
    }

    /** How many entries it says there are, not verified; -1 if it is no bulletin. */
    private static long entries(byte[] signed) {
        return signed.length == Bulletin.SIGNED_LENGTH ? ByteBuffer.wrap(signed).getLong(ENTRIES_AT) : -1;
    }
}
