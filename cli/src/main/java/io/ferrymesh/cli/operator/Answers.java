package io.ferrymesh.cli.operator;

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
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The API's answers as what operations return. */
final class Answers {

    private Answers() {}

    /** Reads an answer; one that is not as the API's document says is UNAVAILABLE. */
    static <T> T read(JsonObject answer, Function<JsonObject, T> as) {
        try {
            return as.apply(answer);
        } catch (NullPointerException | ClassCastException | IllegalArgumentException | DateTimeException e) {
            throw ApiClient.unavailable("what answered is no key centre of this version: " + e.getMessage());
        }
    }

    static <T> Function<JsonObject, List<T>> list(String field, Function<JsonObject, T> item) {
        return answer -> answer.getJsonArray(field).stream()
                .map(JsonObject.class::cast)
                .map(item)
                .toList();
    }

    static ProviderInfo provider(JsonObject json) {
        Integer quota = json.getInteger("quota");
        return new ProviderInfo(
                json.getLong("number"),
                text(json, "name"),
                json.getBoolean("revoked"),
                quota == null ? OptionalInt.empty() : OptionalInt.of(quota),
                json.getInteger("quotaInForce"),
                json.getInteger("usedInEpoch"),
                json.getLong("unexpired"),
                time(json, "createdAt"));
    }

    static NewToken token(JsonObject json) {
        return new NewToken(json.getLong("provider"), text(json, "token"), time(json, "expiresAt"));
    }

    static RevocationInfo revocation(JsonObject json) {
        return new RevocationInfo(json.getLong("number"), json.getInteger("revoked"));
    }

    static KeyEpochInfo epoch(JsonObject json) {
        return new KeyEpochInfo(
                json.getInteger("number"),
                text(json, "fingerprint"),
                text(json, "publicKey"),
                time(json, "announcedAt"),
                time(json, "activeFrom"),
                Optional.ofNullable(json.getString("retires")).map(Instant::parse));
    }

    static TraceInfo trace(JsonObject json) {
        return new TraceInfo(
                text(json, "pseudonym"), traced(json.getJsonObject("provider")), json.getLong("auditEntry"));
    }

    static ReceiptTraceInfo receiptTrace(JsonObject json) {
        return new ReceiptTraceInfo(
                text(json, "migration"),
                side(json.getJsonObject("source")),
                side(json.getJsonObject("destination")),
                json.getBoolean("consistent"),
                json.getLong("auditEntry"));
    }

    static AuditEntry auditEntry(JsonObject json) {
        return new AuditEntry(
                json.getLong("seq"),
                time(json, "at"),
                text(json, "actor"),
                text(json, "action"),
                text(json, "details"),
                text(json, "previous"),
                text(json, "hash"));
    }

    static byte[] bulletin(JsonObject json) {
        return Base64.getDecoder().decode(text(json, "bulletin"));
    }

    static CommitmentProof proof(JsonObject json) {
        return new CommitmentProof(
                json.getBoolean("issued"),
                Optional.ofNullable(json.getJsonObject("found")).map(Answers::found));
    }

    static BackupInfo backup(JsonObject json) {
        return new BackupInfo(
                text(json, "file"),
                json.getLong("bytes"),
                text(json, "sha256"),
                json.getLong("auditEntries"),
                time(json, "at"));
    }

    static StatusInfo status(JsonObject json) {
        return new StatusInfo(
                text(json, "fingerprint"),
                json.getInteger("keyEpoch"),
                text(json, "database"),
                json.getLong("providers"),
                json.getLong("certificates"),
                json.getLong("revocations"),
                json.getLong("liveRevocations"),
                json.getLong("auditEntries"));
    }

    private static ReceiptTraceInfo.Side side(JsonObject json) {
        return new ReceiptTraceInfo.Side(
                traced(json.getJsonObject("handshake")), traced(json.getJsonObject("signature")));
    }

    private static Optional<TraceInfo.TracedProvider> traced(@Nullable JsonObject json) {
        return Optional.ofNullable(json)
                .map(found -> new TraceInfo.TracedProvider(
                        found.getLong("number"), text(found, "name"), text(found, "usage")));
    }

    private static CommitmentProof.Found found(JsonObject json) {
        return new CommitmentProof.Found(
                json.getLong("auditEntry"),
                json.getInteger("index"),
                text(json, "salt"),
                json.getJsonArray("commitments").stream()
                        .map(String.class::cast)
                        .toList());
    }

    private static Instant time(JsonObject json, String field) {
        return Instant.parse(text(json, field));
    }

    private static String text(JsonObject json, String field) {
        String value = json.getString(field);
        if (value == null) {
            throw new IllegalArgumentException("there is no " + field);
        }
        return value;
    }
}
