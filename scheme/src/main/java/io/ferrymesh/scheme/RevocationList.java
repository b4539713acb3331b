package io.ferrymesh.scheme;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collection;
import java.util.TreeSet;

/**
 * The pseudonyms a key centre has revoked, signed by it. Good from {@code current.notBefore()}, when it was issued, to
 * {@code current.notAfter()}; outside that it still says REVOKED but no longer GOOD. Keep the highest number seen and refuse
 * a lower one. Immutable; 16 bytes an entry.
 */
public final class RevocationList implements RevocationView {

    /** The most entries. Expired pseudonyms need none. */
    public static final int MAX_ENTRIES = 1_000_000;

    private static final byte[] MAGIC = Bytes.ascii("FMRL");
    private static final int VERSION = 1;
    private static final int HEADER = MAGIC.length + 1 + 8 + 4 + 4 + 4;
    private static final String WHAT = "revocation list";

    private final long number;
    private final Validity current;
    /** Strictly ascending. */
    private final byte[] entries;

    private RevocationList(long number, Validity current, byte[] entries) {
        this.number = number;
        this.current = current;
        this.entries = entries;
    }

    /** A list of these pseudonyms, in any order. */
    public static RevocationList of(long number, Validity current, Collection<Pseudonym> revoked) {
        if (number < 0) {
            throw new IllegalArgumentException("number must be >= 0: " + number);
        }
        TreeSet<byte[]> sorted = new TreeSet<>(Arrays::compareUnsigned);
        revoked.forEach(pseudonym -> sorted.add(pseudonym.raw()));
        if (sorted.size() > MAX_ENTRIES) {
            throw new IllegalArgumentException("at most " + MAX_ENTRIES + " entries: " + sorted.size());
        }
        byte[] entries = new byte[sorted.size() * Pseudonym.LENGTH];
        int at = 0;
        for (byte[] entry : sorted) {
            System.arraycopy(entry, 0, entries, at, Pseudonym.LENGTH);
            at += Pseudonym.LENGTH;
        }
        return new RevocationList(number, current, entries);
    }

    /** Higher in every later list. */
    public long number() {
        return number;
    }

    /** When it was issued and until when it is good. */
    public Validity current() {
        return current;
    }

    /** Entries. */
    public int size() {
        return entries.length / Pseudonym.LENGTH;
    }

    /** Whether a pseudonym is on the list. */
    public boolean contains(Pseudonym pseudonym) {
        int low = 0;
        int high = size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compare(middle, pseudonym.raw(), 0);
            if (order == 0) {
                return true;
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }
        return false;
    }

    @Override
    public Status status(Pseudonym pseudonym, long nowEpochSeconds) {
        if (contains(pseudonym)) {
            return Status.REVOKED;
        }
        return current.check(nowEpochSeconds).isEmpty() ? Status.GOOD : Status.UNKNOWN;
    }

    /** Signs with the key centre's credential for announcements. */
    public byte[] sign(Credential announcer, SecureRandom random) {
        return Announcement.sign(encoded(), announcer, random);
    }

    /**
     * The list, if this key centre announced it and it is good at this time in epoch seconds. Otherwise MalformedException,
     * or RefusedException with WRONG_KGC, WRONG_USAGE, NOT_YET_VALID, EXPIRED or SIGNATURE.
     */
    public static RevocationList verify(byte[] signed, KgcPublicKey kgc, long now) {
        if (signed.length > HEADER + MAX_ENTRIES * Pseudonym.LENGTH + Announcement.TRAILER) {
            throw new MalformedException(WHAT + ": too long");
        }
        byte[] body = Announcement.body(signed);
        Announcement.verify(WHAT, signed, body, kgc, now);
        RevocationList list = decode(body);
        Announcement.require(WHAT, list.current.check(now));
        return list;
    }

    private byte[] encoded() {
        var out = new Writer(HEADER + entries.length);
        out.bytes(MAGIC);
        out.u8(VERSION);
        out.u64(number);
        out.u32(current.notBefore());
        out.u32(current.notAfter());
        out.u32(size());
        out.bytes(entries);
        return out.toByteArray();
    }

    static RevocationList decode(byte[] body) {
        Reader in = new Reader(body, WHAT);
        in.magic(MAGIC);
        in.version(VERSION);
        long number = in.positive();
        Validity current = in.validity();
        long count = in.u32();
        if (count > MAX_ENTRIES) {
            throw in.malformed("too many entries");
        }
        RevocationList list = new RevocationList(number, current, in.bytes((int) count * Pseudonym.LENGTH));
        in.end();
        list.requireAscending(in);
        return list;
    }

    private void requireAscending(Reader in) {
        for (int i = 1; i < size(); i++) {
            if (compare(i - 1, entries, i * Pseudonym.LENGTH) >= 0) {
                throw in.malformed("the entries are not in strictly ascending order");
            }
        }
    }

    private int compare(int index, byte[] other, int at) {
        int from = index * Pseudonym.LENGTH;
        return Arrays.compareUnsigned(entries, from, from + Pseudonym.LENGTH, other, at, at + Pseudonym.LENGTH);
    }

    @Override
    public String toString() {
        return "RevocationList[" + number + ", " + size() + " entries]";
    }
}
