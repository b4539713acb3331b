package io.ferrymesh.scheme;

import java.security.SecureRandom;

/**
 * Where the key centre's two logs stand at one moment, signed by it under every live key epoch every second or so. Short, so
 * that it can be asked for all the time: what the logs contain is asked for only when it changed. {@code current} is from
 * when it was issued, by the key centre's clock and not backdated, until when it may be relied on at the longest.
 *
 * <p>{@code number} and {@code hash} are the last revocation's and the chain's there; everything up to {@code base} has
 * expired, so whoever starts anew may start there with {@code baseHash}. Scheme, What the KGC publishes.
 */
public record Bulletin(
        Validity current, long base, Digest baseHash, long number, Digest hash, long auditEntries, Digest auditHash) {

    /** How far the key centre's clock may be ahead of the receiver's. */
    public static final long MAX_SKEW_SECONDS = 30;

    private static final byte[] MAGIC = Bytes.ascii("FMKB");
    private static final int VERSION = 1;
    private static final int LENGTH = MAGIC.length + 1 + 4 + 4 + 3 * (8 + Digest.LENGTH);
    private static final String WHAT = "bulletin";

    /** Bytes in a signed bulletin. */
    public static final int SIGNED_LENGTH = LENGTH + Announcement.TRAILER;

    /** Refuses negative numbers, a base beyond the number, and hashes that cannot be the chain's there. */
    public Bulletin {
        if (base < 0 || number < base || auditEntries < 0) {
            throw new IllegalArgumentException(
                    "0 <= base <= number and 0 <= auditEntries: " + base + ", " + number + ", " + auditEntries);
        }
        boolean startFits = base > 0 || baseHash.equals(RevocationChain.START);
        boolean endFits = number > base || hash.equals(baseHash);
        if (!startFits || !endFits) {
            throw new IllegalArgumentException("the hashes do not fit the numbers " + base + " and " + number);
        }
    }

    /** When it was issued, by the key centre's clock, in epoch seconds. */
    public long issued() {
        return current.notBefore();
    }

    /** Signs with the key centre's credential for announcements. */
    public byte[] sign(Credential announcer, SecureRandom random) {
        return Announcement.sign(encoded(), announcer, random);
    }

    /**
     * The bulletin, if this key centre announced it and it is good at this time in epoch seconds, up to
     * {@link #MAX_SKEW_SECONDS} before it was issued. Otherwise MalformedException, or RefusedException with WRONG_KGC,
     * WRONG_USAGE, NOT_YET_VALID, EXPIRED or SIGNATURE.
     */
    public static Bulletin verify(byte[] signed, KgcPublicKey kgc, long now) {
        if (signed.length != SIGNED_LENGTH) {
            throw new MalformedException(WHAT + ": it has " + signed.length + " bytes");
        }
        byte[] body = Announcement.body(signed);
        Bulletin bulletin = decode(body);
        Validity current = bulletin.current;
        Validity tolerant = new Validity(Math.max(0, current.notBefore() - MAX_SKEW_SECONDS), current.notAfter());
        Announcement.require(WHAT, tolerant.check(now));
        Announcement.verify(WHAT, signed, body, kgc, now);
        return bulletin;
    }

    private byte[] encoded() {
        var out = new Writer(LENGTH);
        out.bytes(MAGIC);
        out.u8(VERSION);
        out.u32(current.notBefore());
        out.u32(current.notAfter());
        out.u64(base);
        out.bytes(baseHash.raw());
        out.u64(number);
        out.bytes(hash.raw());
        out.u64(auditEntries);
        out.bytes(auditHash.raw());
        return out.toByteArray();
    }

    static Bulletin decode(byte[] body) {
        Reader in = new Reader(body, WHAT);
        in.magic(MAGIC);
        in.version(VERSION);
        Validity current = in.validity();
        long base = in.positive();
        Digest baseHash = Digest.of(in.bytes(Digest.LENGTH));
        long number = in.positive();
        Digest hash = Digest.of(in.bytes(Digest.LENGTH));
        long auditEntries = in.positive();
        Digest auditHash = Digest.of(in.bytes(Digest.LENGTH));
        in.end();
        try {
            return new Bulletin(current, base, baseHash, number, hash, auditEntries, auditHash);
        } catch (IllegalArgumentException e) {
            throw in.malformed(String.valueOf(e.getMessage()));
        }
    }
}
