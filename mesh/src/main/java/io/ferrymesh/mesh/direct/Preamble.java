package io.ferrymesh.mesh.direct;

import io.ferrymesh.mesh.DirectSession;
import io.ferrymesh.mesh.wire.Id128;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The first octets of a direct connection, each way, by which both ends prove that they know the token for this session and
 * these two processes (docs/wire.md, Direct connections). The peer chooses the place, and may have chosen the session and the
 * token: so nothing of them is said but what was hashed with a nonce that it cannot have known. Pure.
 */
final class Preamble {

    private static final int MAGIC = 0x464d4432; // FMD2
    private static final int PROOF_BYTES = 32;
    private static final byte[] NAME = "ferrymesh direct session".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DIAL = "ferrymesh direct dial".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANSWER = "ferrymesh direct answer".getBytes(StandardCharsets.US_ASCII);

    /** What the dialler says: magic, nonce, the session's name under it, its own address, its proof. */
    static final int DIAL_BYTES = 4 + 3 * Id128.BYTES + PROOF_BYTES;
    /** What the listener says: its proof. */
    static final int ANSWER_BYTES = PROOF_BYTES;

    private final Id128 nonce;
    private final Id128 session;
    private final Id128 dialler;
    private final Id128 listener;

    /**
     * The words of two processes that know each other.
     *
     * @param nonce drawn by the dialler at random, for this connection only
     */
    Preamble(Id128 nonce, DirectSession session, Id128 dialler, Id128 listener) {
        this.nonce = nonce;
        this.session = Id128.parse(session.hex());
        this.dialler = dialler;
        this.listener = listener;
    }

    /**
     * Who says to be there, and for what; nothing is proved yet.
     *
     * @param name the session's under the nonce
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Claim(Id128 nonce, Id128 name, Id128 dialler, byte[] proof) {}

    /** The dialler's words. */
    byte[] dial(byte[] token) {
        return ByteBuffer.allocate(DIAL_BYTES)
                .putInt(MAGIC)
                .put(bytes(nonce))
                .put(bytes(name()))
                .put(bytes(dialler))
                .put(proof(DIAL, token))
                .array();
    }

    /** The listener's answer. */
    byte[] answer(byte[] token) {
        return proof(ANSWER, token);
    }

    /** Whether the dialler means this session. It is found by that, and proves nothing with it. */
    boolean isNamed(Claim claim) {
        return claim.name.equals(name());
    }

    /** Whether the dialler has proved that it knows the token. */
    boolean isDialled(Claim claim, byte[] token) {
        return MessageDigest.isEqual(claim.proof, proof(DIAL, token));
    }

    /** Whether the listener has proved that it knows the token. */
    boolean isAnswered(byte[] answer, byte[] token) {
        return MessageDigest.isEqual(answer, proof(ANSWER, token));
    }

    /** Whether these octets begin as a dialler's do. */
    static boolean isDial(byte[] first) {
        return first.length == DIAL_BYTES && ByteBuffer.wrap(first).getInt() == MAGIC;
    }

    /** Reads octets that {@link #isDial}. */
    static Claim read(byte[] first) {
        ByteBuffer in = ByteBuffer.wrap(first, 4, DIAL_BYTES - 4);
        Id128 nonce = new Id128(in.getLong(), in.getLong());
        Id128 name = new Id128(in.getLong(), in.getLong());
        Id128 dialler = new Id128(in.getLong(), in.getLong());
        return new Claim(nonce, name, dialler, Arrays.copyOfRange(first, in.position(), DIAL_BYTES));
    }

    private Id128 name() {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update(NAME);
            hash.update(bytes(nonce));
            ByteBuffer digest = ByteBuffer.wrap(hash.digest(bytes(session)));
            return new Id128(digest.getLong(), digest.getLong());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] bytes(Id128 id) {
        return ByteBuffer.allocate(Id128.BYTES)
                .putLong(id.high())
                .putLong(id.low())
                .array();
    }

    private byte[] proof(byte[] label, byte[] token) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(token, mac.getAlgorithm()));
            mac.update(label);
            for (Id128 id : new Id128[] {nonce, session, dialler, listener}) {
                mac.update(bytes(id));
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }
}
