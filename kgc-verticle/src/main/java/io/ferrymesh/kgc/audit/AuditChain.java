package io.ferrymesh.kgc.audit;

import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.scheme.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * How audit entries are chained: {@code h_i = SHA-256("FERRYMESH-V1-AUDIT" ‖ h_{i-1} ‖ u64 seq ‖ u64 at_ms ‖ u16 len ‖ actor ‖
 * u16 len ‖ action ‖ u32 len ‖ details)} with the texts in UTF-8, from {@link #START}. Pure.
 */
public final class AuditChain {

    /** {@code h_0}: 32 zero bytes. */
    public static final Digest START = Digest.of(new byte[Digest.LENGTH]);

    /** Longest actor or action, in bytes. */
    public static final int MAX_NAME_BYTES = 128;

    /** Longest details, in bytes. */
    public static final int MAX_DETAILS_BYTES = 64 << 10;

    private static final byte[] LABEL = "FERRYMESH-V1-AUDIT".getBytes(StandardCharsets.US_ASCII);

    private AuditChain() {}

    /** The hash of an entry that follows the one with hash {@code previous}. */
    public static Digest next(Digest previous, long seq, long atMs, String actor, String action, String details) {
        byte[] who = utf8("actor", actor, MAX_NAME_BYTES);
        byte[] what = utf8("action", action, MAX_NAME_BYTES);
        byte[] more = utf8("details", details, MAX_DETAILS_BYTES);
        ByteBuffer entry = ByteBuffer.allocate(24 + who.length + what.length + more.length)
                .putLong(seq)
                .putLong(atMs)
                .putShort((short) who.length)
                .put(who)
                .putShort((short) what.length)
                .put(what)
                .putInt(more.length)
                .put(more);
        return Digest.sha256(LABEL, previous.bytes(), entry.array());
    }

    /** Whether the entry is number {@code seq}, follows the one with hash {@code previous} and has the hash it claims. */
    public static boolean follows(AuditEntry entry, long seq, Digest previous) {
        if (entry.seq() != seq || !entry.previous().equals(previous.toString())) {
            return false;
        }
        try {
            Digest hash =
                    next(previous, seq, entry.at().toEpochMilli(), entry.actor(), entry.action(), entry.details());
            return entry.hash().equals(hash.toString());
        } catch (IllegalArgumentException | ArithmeticException e) {
            return false;
        }
    }

    private static byte[] utf8(String what, String text, int max) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > max) {
            throw new IllegalArgumentException(
                    "an audit entry's " + what + " has at most " + max + " bytes, not " + bytes.length);
        }
        return bytes;
    }
}
