package io.ferrymesh.scheme;

import java.security.SecureRandom;
import java.util.Optional;

/**
 * What a provider needs to know of a key centre: its keys and the validity it grants. Signed by the key centre and good
 * from {@code current.notBefore()}, when it was issued, to {@code current.notAfter()}. Keep the highest serial seen and
 * refuse a lower one.
 */
public record KgcParameters(
        KgcPublicKey kgc,
        HpkePublicKey hpke,
        long serial,
        long validityStepSeconds,
        long maxValiditySeconds,
        Validity current) {

    private static final byte[] MAGIC = Bytes.ascii("FMKP");
    private static final int VERSION = 1;
    private static final String WHAT = "key centre parameters";

    /** Bytes in the body that is signed. */
    static final int LENGTH = MAGIC.length + 1 + Point.LENGTH + HpkePublicKey.LENGTH + 8 + 4 * 4;

    /** Refuses a negative serial and validity that cannot hold a single step. */
    public KgcParameters {
        if (serial < 0) {
            throw new IllegalArgumentException("serial must be >= 0: " + serial);
        }
        if (validityStepSeconds < 1 || maxValiditySeconds < validityStepSeconds || maxValiditySeconds >>> 32 != 0) {
            throw new IllegalArgumentException("1 <= validityStepSeconds <= maxValiditySeconds: " + validityStepSeconds
                    + ", " + maxValiditySeconds);
        }
    }

    /**
     * The validity to ask for: from the step now is in, for as many whole steps as fit the wish and the maximum, but at least
     * one. Whole steps are shared by many, so that a validity links nobody's pseudonyms.
     */
    public Validity align(long now, long wishedSeconds) {
        long from = now - Math.floorMod(now, validityStepSeconds);
        long steps = Math.max(1, Math.min(wishedSeconds, maxValiditySeconds) / validityStepSeconds);
        return new Validity(from, from + steps * validityStepSeconds);
    }

    /** Whether the key centre grants this validity: whole steps, and no more than the maximum. */
    public boolean allows(Validity asked) {
        long length = asked.notAfter() - asked.notBefore();
        return asked.notBefore() % validityStepSeconds == 0
                && length > 0
                && length % validityStepSeconds == 0
                && length <= maxValiditySeconds;
    }

    /** Signs with the key centre's credential for announcements. */
    public byte[] sign(Credential announcer, SecureRandom random) {
        return Announcement.sign(encoded(), announcer, random);
    }

    /**
     * The parameters, if the key centre with this fingerprint announced them and they are good at this time in epoch
     * seconds. Otherwise MalformedException, or RefusedException with WRONG_KGC, WRONG_USAGE, NOT_YET_VALID, EXPIRED or
     * SIGNATURE.
     */
    public static KgcParameters verify(byte[] signed, Digest fingerprint, long now) {
        byte[] body = Announcement.body(signed);
        KgcParameters parameters = decode(body);
        if (!parameters.kgc.fingerprint().equals(fingerprint)) {
            throw new RefusedException(WHAT, RefusalReason.WRONG_KGC);
        }
        Announcement.verify(WHAT, signed, body, parameters.kgc, now);
        Optional<RefusalReason> outside = parameters.current.check(now);
        Announcement.require(WHAT, outside);
        return parameters;
    }

    /** As {@link #verify(byte[], Digest, long)} with the key itself. */
    public static KgcParameters verify(byte[] signed, KgcPublicKey kgc, long now) {
        return verify(signed, kgc.fingerprint(), now);
    }

    private byte[] encoded() {
        var out = new Writer(LENGTH);
        out.bytes(MAGIC);
        out.u8(VERSION);
        out.bytes(kgc.raw());
        out.bytes(hpke.raw());
        out.u64(serial);
        out.u32(validityStepSeconds);
        out.u32(maxValiditySeconds);
        out.u32(current.notBefore());
        out.u32(current.notAfter());
        return out.toByteArray();
    }

    private static KgcParameters decode(byte[] body) {
        Reader in = new Reader(body, WHAT);
        in.magic(MAGIC);
        in.version(VERSION);
        KgcPublicKey kgc = KgcPublicKey.decode(in.bytes(Point.LENGTH));
        HpkePublicKey hpke = HpkePublicKey.decode(in.bytes(HpkePublicKey.LENGTH));
        long serial = in.positive();
        long step = in.u32();
        long max = in.u32();
        Validity current = in.validity();
        in.end();
        try {
            return new KgcParameters(kgc, hpke, serial, step, max, current);
        } catch (IllegalArgumentException e) {
            throw in.malformed(String.valueOf(e.getMessage()));
        }
    }
}
