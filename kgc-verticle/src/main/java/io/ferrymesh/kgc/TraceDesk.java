package io.ferrymesh.kgc;

import io.ferrymesh.kgc.audit.AuditLog;
import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.kgc.operator.OperationException.Code;
import io.ferrymesh.kgc.operator.ReceiptTraceInfo;
import io.ferrymesh.kgc.operator.ReceiptTraceInfo.Side;
import io.ferrymesh.kgc.operator.TraceInfo;
import io.ferrymesh.kgc.operator.TraceInfo.TracedProvider;
import io.ferrymesh.kgc.registry.CertificateTable;
import io.ferrymesh.kgc.registry.ProviderTable;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.Receipt;
import io.ferrymesh.scheme.SchemeException;
import io.ferrymesh.scheme.SignedReceipt;
import io.ferrymesh.scheme.Usage;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Opens pseudonyms. The audit entry that says who asks, and why, is durable before anything is looked up, so there is no answer
 * without one. The answer itself is written nowhere. Whether the operator may is checked before.
 */
final class TraceDesk {

    private static final String ITSELF = "(the key centre)";

    private final Registry registry;
    private final KeyEpochs epochs;
    private final KgcRuntime runtime;
    private final KgcMetrics metrics;

    TraceDesk(Registry registry, KeyEpochs epochs, KgcRuntime runtime, KgcMetrics metrics) {
        this.registry = registry;
        this.epochs = epochs;
        this.runtime = runtime;
        this.metrics = metrics;
    }

    TraceInfo pseudonym(String actor, Pseudonym pseudonym, String reason) {
        Texts.requireReason(reason);
        long entry = audit(actor, "trace.pseudonym", Map.of("pseudonym", pseudonym.hex(), "reason", reason));
        Optional<TracedProvider> provider = registry.database().read(handle -> open(handle, pseudonym));
        return new TraceInfo(pseudonym.hex(), provider, entry);
    }

    ReceiptTraceInfo receipt(String actor, byte[] signedReceipt, String reason) {
        Texts.requireReason(reason);
        Receipt receipt = verified(signedReceipt);
        String migration = receipt.migration().hex();
        Map<String, Object> details = Map.of(
                "migration", migration,
                "receipt", Digest.sha256(signedReceipt).hex(),
                "reason", reason);
        long entry = audit(actor, "trace.receipt", details);
        return registry.database().read(handle -> {
            Side source = side(handle, receipt.source(), receipt.sourceSigner());
            Side destination = side(handle, receipt.destination(), receipt.destinationSigner());
            boolean consistent = consistent(source) && consistent(destination);
            return new ReceiptTraceInfo(migration, source, destination, consistent, entry);
        });
    }

    private Receipt verified(byte[] signedReceipt) {
        try {
            SignedReceipt signed = SignedReceipt.decode(signedReceipt);
            if (epochs.all().stream().anyMatch(epoch -> signed.verify(epoch.key()))) {
                return signed.receipt();
            }
        } catch (SchemeException e) {
            throw new OperationException(Code.INVALID, "that is no receipt: " + e.getMessage());
        }
        throw new OperationException(Code.INVALID, "the receipt does not verify under any key of this key centre");
    }

    private long audit(String actor, String action, Map<String, ?> details) {
        Instant now = runtime.clock().instant();
        long seq = registry.database().transaction(handle -> {
            AuditLog.Place place = AuditLog.next(handle);
            place.write(now, actor, action, details);
            return place.seq();
        });
        metrics.traced();
        return seq;
    }

    /**
     * Only what is as the registry has it: whoever ever stole a master key can certify keys of its own under pseudonyms it has
     * seen, write a receipt with them and date it back.
     */
    private Side side(Handle handle, Pseudonym handshake, Certificate signer) {
        Optional<TracedProvider> agreed = registry.find(handle, handshake)
                .filter(found -> found.usage() == Usage.KEY_AGREEMENT)
                .map(found -> traced(handle, found));
        Optional<TracedProvider> signed = registry.issued(handle, signer)
                .filter(found -> found.usage() == Usage.SIGNING)
                .map(found -> traced(handle, found));
        return new Side(agreed, signed);
    }

    private static boolean consistent(Side side) {
        return side.handshake().isPresent()
                && side.signature().isPresent()
                && side.handshake().get().number() == side.signature().get().number();
    }

    private Optional<TracedProvider> open(Handle handle, Pseudonym pseudonym) {
        return registry.find(handle, pseudonym).map(found -> traced(handle, found));
    }

    private static TracedProvider traced(Handle handle, CertificateTable.Row found) {
        String name = ProviderTable.find(handle, found.provider())
                .map(ProviderTable.Row::name)
                .orElse(ITSELF);
        return new TracedProvider(found.provider(), name, found.usage().name());
    }
}
