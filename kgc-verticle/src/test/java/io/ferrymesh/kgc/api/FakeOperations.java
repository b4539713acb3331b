package io.ferrymesh.kgc.api;

import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.kgc.operator.BackupInfo;
import io.ferrymesh.kgc.operator.CommitmentProof;
import io.ferrymesh.kgc.operator.KeyEpochInfo;
import io.ferrymesh.kgc.operator.KgcOperations;
import io.ferrymesh.kgc.operator.NewToken;
import io.ferrymesh.kgc.operator.ProviderInfo;
import io.ferrymesh.kgc.operator.ReceiptTraceInfo;
import io.ferrymesh.kgc.operator.RevocationInfo;
import io.ferrymesh.kgc.operator.StatusInfo;
import io.ferrymesh.kgc.operator.TraceInfo;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.Pseudonym;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Notes what it is asked for, and answers with samples or with the failure it was told. */
final class FakeOperations implements KgcOperations {

    static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");
    static final String SHA = "ab".repeat(32);

    final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    volatile @Nullable RuntimeException failure;

    @Override
    public ProviderInfo createProvider(String name, OptionalInt quota) {
        return noted("createProvider " + name + " " + quota, provider(7, name, quota));
    }

    @Override
    public NewToken createToken(long provider, OptionalLong validitySeconds) {
        return noted("createToken " + provider + " " + validitySeconds, new NewToken(provider, SHA, AT));
    }

    @Override
    public List<ProviderInfo> providers(long after, int limit) {
        return noted(
                "providers " + after + " " + limit,
                List.of(
                        provider(after + 1, "old-cloud", OptionalInt.empty()),
                        provider(after + 2, "new-cloud", OptionalInt.of(5))));
    }

    @Override
    public ProviderInfo provider(long number) {
        return noted("provider " + number, provider(number, "old-cloud", OptionalInt.empty()));
    }

    @Override
    public ProviderInfo setQuota(long provider, OptionalInt quota) {
        return noted("setQuota " + provider + " " + quota, provider(provider, "old-cloud", quota));
    }

    @Override
    public RevocationInfo revokePseudonym(Pseudonym pseudonym, String reason) {
        return noted("revokePseudonym " + pseudonym + " " + reason, new RevocationInfo(3, 1));
    }

    @Override
    public RevocationInfo revokeProvider(long provider, String reason) {
        return noted("revokeProvider " + provider + " " + reason, new RevocationInfo(9, 6));
    }

    @Override
    public List<KeyEpochInfo> keyEpochs() {
        return noted("keyEpochs", List.of(epoch(1, Optional.of(AT)), epoch(2, Optional.empty())));
    }

    @Override
    public KeyEpochInfo rotate(long activateAfterSeconds) {
        return noted("rotate " + activateAfterSeconds, epoch(2, Optional.empty()));
    }

    @Override
    public TraceInfo trace(Pseudonym pseudonym, String reason) {
        return noted("trace " + pseudonym + " " + reason, new TraceInfo(pseudonym.hex(), Optional.of(traced()), 12));
    }

    @Override
    public ReceiptTraceInfo traceReceipt(byte[] signedReceipt, String reason) {
        var known = new ReceiptTraceInfo.Side(Optional.of(traced()), Optional.of(traced()));
        var unknown = new ReceiptTraceInfo.Side(Optional.empty(), Optional.empty());
        return noted(
                "traceReceipt " + signedReceipt.length + " " + reason,
                new ReceiptTraceInfo("0".repeat(32), known, unknown, true, 13));
    }

    @Override
    public List<AuditEntry> audit(long after, int limit) {
        String details = "{\"name\":\"old-cloud\"}";
        return noted(
                "audit " + after + " " + limit,
                List.of(new AuditEntry(after + 1, AT, "operator:erin", "provider.created", details, SHA, SHA)));
    }

    @Override
    public byte[] auditHead() {
        return noted("auditHead", new byte[250]);
    }

    @Override
    public CommitmentProof certificate(Certificate certificate) {
        var found = new CommitmentProof.Found(4, 1, "cd".repeat(16), List.of(SHA, SHA));
        return noted(
                "certificate " + HexFormat.of().formatHex(certificate.encoded()),
                new CommitmentProof(true, Optional.of(found)));
    }

    @Override
    public BackupInfo backup() {
        return noted("backup", new BackupInfo("kgc-1.backup", 4_096, SHA, 12, AT));
    }

    @Override
    public StatusInfo status() {
        return noted("status", new StatusInfo(SHA, 1, "sqlite", 2, 30, 4, 3, 12));
    }

    private <T> T noted(String what, T result) {
        asked.add(what);
        RuntimeException told = failure;
        if (told != null) {
            throw told;
        }
        return result;
    }

    private static ProviderInfo provider(long number, String name, OptionalInt quota) {
        return new ProviderInfo(number, name, false, quota, quota.orElse(10_000), 20, 18, AT);
    }

    private static KeyEpochInfo epoch(int number, Optional<Instant> retires) {
        return new KeyEpochInfo(number, SHA, "02" + SHA, AT, AT.plusSeconds(60), retires);
    }

    private static TraceInfo.TracedProvider traced() {
        return new TraceInfo.TracedProvider(7, "old-cloud", "KEY_AGREEMENT");
    }
}
