package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.MalformedException;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.Receipt;
import io.ferrymesh.scheme.RefusedException;
import io.ferrymesh.scheme.Signature;
import io.ferrymesh.scheme.SignedReceipt;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;

/**
 * The end of a migration: the destination signs what it has, the source compares that with what it sent and countersigns,
 * and the destination checks the result. Whoever finds a difference refuses, and no receipt comes to be.
 */
final class Receipts {

    /** How far the destination's clock may be from this one. */
    private static final long MAX_SKEW_MS = 300_000;

    private Receipts() {}

    /** The destination's receipt and its signature, as they travel. */
    static byte[] sign(
            EngineContext engine,
            Established with,
            PeerStanding peer,
            MigrationId id,
            Instant startedAt,
            Ledger.Totals totals) {
        new Handshakes(engine).recheck(with, peer);
        long started = startedAt.toEpochMilli();
        Receipt receipt = new Receipt(
                id,
                pseudonym(with.ownAgreement()),
                pseudonym(with.keys().peerCertificate()),
                with.own().signing(),
                with.peer().signing(),
                with.keys().handshakeHash(),
                totals.objects(),
                totals.bytes(),
                totals.root(),
                started,
                Math.max(started, engine.clock().millis()));
        byte[] body = receipt.encoded();
        byte[] signature =
                SignedReceipt.sign(receipt, with.signing(), engine.random()).bytes();
        return ByteBuffer.allocate(body.length + signature.length)
                .put(body)
                .put(signature)
                .array();
    }

    /** The source's answer to {@link #sign}: compares everything, then countersigns. */
    static SignedReceipt countersign(
            EngineContext engine,
            Established with,
            PeerStanding peer,
            byte[] travelled,
            MigrationId id,
            Ledger.Totals totals) {
        try {
            if (travelled.length < Receipt.LENGTH) {
                throw new MalformedException("a receipt of " + travelled.length + " bytes");
            }
            Receipt receipt = Receipt.decode(Arrays.copyOf(travelled, Receipt.LENGTH));
            Signature signature = Signature.of(Arrays.copyOfRange(travelled, Receipt.LENGTH, travelled.length));
            requireSame(receipt, totals);
            Certificate destination = with.keys().peerCertificate();
            require(receipt.migration().equals(id)
                    && receipt.handshakeHash().equals(with.keys().handshakeHash())
                    && receipt.destination().equals(pseudonym(destination))
                    && receipt.source().equals(pseudonym(with.ownAgreement()))
                    && receipt.destinationSigner().equals(with.peer().signing())
                    && receipt.sourceSigner().equals(with.own().signing()));
            long skew = Math.abs(receipt.finishedAt() - engine.clock().millis());
            require(skew <= MAX_SKEW_MS);
            new Handshakes(engine).recheck(with, peer);
            SignedReceipt countersigned =
                    SignedReceipt.countersign(receipt, signature, with.signing(), engine.random());
            require(countersigned.verify(with.kgc()));
            return countersigned;
        } catch (MalformedException | RefusedException | IllegalArgumentException e) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "the destination's receipt: " + e.getMessage(), e);
        }
    }

    /** The destination's check of {@link #countersign}: the very receipt it signed, and the source's signature. */
    static SignedReceipt checkCountersigned(Established with, byte[] own, byte[] encoded) {
        try {
            SignedReceipt receipt = SignedReceipt.decode(encoded);
            require(encoded.length > own.length && Arrays.equals(own, 0, own.length, encoded, 0, own.length));
            require(receipt.verify(with.kgc()));
            return receipt;
        } catch (MalformedException | IllegalArgumentException e) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "the source's receipt: " + e.getMessage(), e);
        }
    }

    private static void requireSame(Receipt receipt, Ledger.Totals totals) {
        boolean same = receipt.objects() == totals.objects()
                && receipt.bytes() == totals.bytes()
                && receipt.root().equals(totals.root());
        if (!same) {
            throw new MeshException(
                    ErrorCode.DIGEST_MISMATCH,
                    "the two ends disagree: %d objects, %d bytes, root %s here; %d, %d, %s there"
                            .formatted(
                                    totals.objects(),
                                    totals.bytes(),
                                    totals.root(),
                                    receipt.objects(),
                                    receipt.bytes(),
                                    receipt.root()));
        }
    }

    private static void require(boolean right) {
        if (!right) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "a receipt of another session, or not signed");
        }
    }

    private static Pseudonym pseudonym(Certificate certificate) {
        return certificate.info().pseudonym();
    }
}
