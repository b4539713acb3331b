package io.ferrymesh.scheme;

import java.security.SecureRandom;
import java.util.Optional;

/**
 * What a provider needs to know of one key epoch of a key centre: its keys, the validity it grants and which key follows.
 * Signed under the epoch's own key and good from {@code current.notBefore()}, when it was issued, to
 * {@code current.notAfter()}. The serial is the epoch's number, so two parameters of one epoch differ in what they say of
 * the successor only: keep those that were issued last. Scheme, What the KGC publishes.
 */
public record KgcParameters(
        KgcPublicKey kgc,
        HpkePublicKey hpke,
        long serial,
        long validityStepSeconds,
        long maxValiditySeconds,
        Validity current,
        Optional<Successor> successor) {

    private static final byte[] MAGIC = Bytes.ascii("FMKP");
    private static final int VERSION = 2;
    private static final String WHAT = "key centre parameters";

    /** Bytes in the body that is signed, without a successor. */
    static final int LENGTH = MAGIC.length + 1 + Point.LENGTH + HpkePublicKey.LENGTH + 8 + 4 * 4 + 1;

    /**
     * The key that follows, in epoch seconds: from {@code activeFrom} on handshakes use it and nothing is issued under the
     * old one; after {@code retires} the old one is not trusted any more.
     */
    public record Successor(KgcPublicKey kgc, long activeFrom, long retires) {

        static final int LENGTH = Point.LENGTH + 4 + 4;

        /** Refuses times outside 32 bits and a retirement before the successor is active. */
        public Successor {
            var unused = new Validity(activeFrom, retires);
        }
    }

    /** Refuses a negative serial, validity that cannot hold a single step and a key that follows itself. */
    public KgcParameters {
        if (serial < 0) {
            throw new IllegalArgumentException("serial must be >= 0: " + serial);
        }
        if (validityStepSeconds < 1 || maxValiditySeconds < validityStepSeconds || maxValiditySeconds >>> 32 != 0) {
            throw new IllegalArgumentException("1 <= validityStepSeconds <= maxValiditySeconds: " + validityStepSeconds
                    + ", " + maxValiditySeconds);
        }
        if (successor.isPresent() && successor.get().kgc().equals(kgc)) {
            throw new IllegalArgumentException("a key cannot be its own successor");
        }
    }

    /** Parameters of a key that has no successor yet. */
    public KgcParameters(
            KgcPublicKey kgc,
            HpkePublicKey hpke,
            long serial,
            long validityStepSeconds,
            long maxValiditySeconds,
            Validity current) {
        this(kgc, hpke, serial, validityStepSeconds, maxValiditySeconds, current, Optional.empty());
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
        var out = new Writer(LENGTH + Successor.LENGTH);
        out.bytes(MAGIC);
        out.u8(VERSION);
        out.bytes(kgc.raw());
        out.bytes(hpke.raw());
        out.u64(serial);
        out.u32(validityStepSeconds);
        out.u32(maxValiditySeconds);
        out.u32(current.notBefore());
        out.u32(current.notAfter());
        out.u8(successor.isPresent() ? 1 : 0);
        successor.ifPresent(next -> {
            out.bytes(next.kgc().raw());
            out.u32(next.activeFrom());
            out.u32(next.retires());
        });
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
        try {
            Optional<Successor> successor = readSuccessor(in);
            in.end();
            return new KgcParameters(kgc, hpke, serial, step, max, current, successor);
        } catch (IllegalArgumentException e) {
            throw in.malformed(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Successor> readSuccessor(Reader in) {
        if (in.within(in.u8(), 0, 1, "the number of successors") == 0) {
            return Optional.empty();
        }
        KgcPublicKey kgc = KgcPublicKey.decode(in.bytes(Point.LENGTH));
        Validity times = in.validity();
        return Optional.of(new Successor(kgc, times.notBefore(), times.notAfter()));
    }
}
