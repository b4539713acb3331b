package io.ferrymesh.kgc.api;

import io.ferrymesh.kgc.operator.AuditEntry;
import io.ferrymesh.kgc.operator.BackupInfo;
import io.ferrymesh.kgc.operator.CommitmentProof;
import io.ferrymesh.kgc.operator.KeyEpochInfo;
import io.ferrymesh.kgc.operator.NewToken;
import io.ferrymesh.kgc.operator.ProviderInfo;
import io.ferrymesh.kgc.operator.ReceiptTraceInfo;
import io.ferrymesh.kgc.operator.RevocationInfo;
import io.ferrymesh.kgc.operator.StatusInfo;
import io.ferrymesh.kgc.operator.TraceInfo;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What operations return as JSON, with the names of the document's schemas. */
public final class OperatorJson {

    private OperatorJson() {}

    /** Schema Provider. */
    public static JsonObject of(ProviderInfo provider) {
        return new JsonObject()
                .put("number", provider.number())
                .put("name", provider.name())
                .put("revoked", provider.revoked())
                .put("quota", orNull(provider.quota()))
                .put("quotaInForce", provider.quotaInForce())
                .put("usedInEpoch", provider.usedInEpoch())
                .put("unexpired", provider.unexpired())
                .put("createdAt", provider.createdAt().toString());
    }

    /** Schema Token: with the token, which is a secret. */
    public static JsonObject of(NewToken token) {
        return new JsonObject()
                .put("provider", token.provider())
                .put("token", token.token())
                .put("expiresAt", token.expiresAt().toString());
    }

    /** Schema Revocation. */
    public static JsonObject of(RevocationInfo revocation) {
        return new JsonObject().put("number", revocation.number()).put("revoked", revocation.revoked());
    }

    /** Schema KeyEpoch. */
    public static JsonObject of(KeyEpochInfo epoch) {
        return new JsonObject()
                .put("number", epoch.number())
                .put("fingerprint", epoch.fingerprint())
                .put("publicKey", epoch.publicKey())
                .put("announcedAt", epoch.announcedAt().toString())
                .put("activeFrom", epoch.activeFrom().toString())
                .put("retires", epoch.retires().map(Object::toString).orElse(null));
    }

    /** Schema Trace. */
    public static JsonObject of(TraceInfo trace) {
        return new JsonObject()
                .put("pseudonym", trace.pseudonym())
                .put("provider", traced(trace.provider()))
                .put("auditEntry", trace.auditEntry());
    }

    /** Schema ReceiptTrace. */
    public static JsonObject of(ReceiptTraceInfo trace) {
        return new JsonObject()
                .put("migration", trace.migration())
                .put("source", side(trace.source()))
                .put("destination", side(trace.destination()))
                .put("consistent", trace.consistent())
                .put("auditEntry", trace.auditEntry());
    }

    /** Schema AuditEntry. */
    public static JsonObject of(AuditEntry entry) {
        return new JsonObject()
                .put("seq", entry.seq())
                .put("at", entry.at().toString())
                .put("actor", entry.actor())
                .put("action", entry.action())
                .put("details", entry.details())
                .put("previous", entry.previous())
                .put("hash", entry.hash());
    }

    /** Schema CertificateLookup. */
    public static JsonObject of(CommitmentProof proof) {
        return new JsonObject()
                .put("issued", proof.issued())
                .put("found", proof.found().map(OperatorJson::found).orElse(null));
    }

    /** Schema Backup. */
    public static JsonObject of(BackupInfo backup) {
        return new JsonObject()
                .put("file", backup.file())
                .put("bytes", backup.bytes())
                .put("sha256", backup.sha256())
                .put("auditEntries", backup.auditEntries())
                .put("at", backup.at().toString());
    }

    /** Schema Status. */
    public static JsonObject of(StatusInfo status) {
        return new JsonObject()
                .put("fingerprint", status.fingerprint())
                .put("keyEpoch", status.keyEpoch())
                .put("database", status.database())
                .put("providers", status.providers())
                .put("certificates", status.certificates())
                .put("revocations", status.revocations())
                .put("liveRevocations", status.liveRevocations())
                .put("auditEntries", status.auditEntries());
    }

    private static JsonObject side(ReceiptTraceInfo.Side side) {
        return new JsonObject().put("handshake", traced(side.handshake())).put("signature", traced(side.signature()));
    }

    private static @Nullable JsonObject traced(Optional<TraceInfo.TracedProvider> provider) {
        return provider.map(found -> new JsonObject()
                        .put("number", found.number())
                        .put("name", found.name())
                        .put("usage", found.usage()))
                .orElse(null);
    }

    private static JsonObject found(CommitmentProof.Found found) {
        return new JsonObject()
                .put("auditEntry", found.auditEntry())
                .put("index", found.index())
                .put("salt", found.salt())
                .put("commitments", new JsonArray(found.commitments()));
    }

    private static @Nullable Integer orNull(OptionalInt value) {
        return value.isPresent() ? value.getAsInt() : null;
    }
}
