package io.ferrymesh.cli.operator;

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
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What one operator can do, over the key centre's HTTP API. Refusals are the API's own; a key centre that does not answer is
 * UNAVAILABLE, and whether something was done must then be looked up. Blocking.
 */
public final class RemoteOperations implements KgcOperations {

    private final ApiClient api;

    private RemoteOperations(ApiClient api) {
        this.api = api;
    }

    /**
     * Says where and as whom; asks nothing yet. IOException if the certificates cannot be read.
     *
     * @param trusted PEM certificates to trust instead of the system's
     */
    public static KgcOperations at(URI api, String token, Optional<Path> trusted) throws IOException {
        return new RemoteOperations(new ApiClient(api, token, trusted));
    }

    @Override
    public ProviderInfo createProvider(String name, OptionalInt quota) {
        JsonObject body = new JsonObject().put("name", name);
        quota.ifPresent(own -> body.put("quota", own));
        return Answers.read(api.send("POST", "/v1/providers", body), Answers::provider);
    }

    @Override
    public NewToken createToken(long provider, OptionalLong validitySeconds) {
        JsonObject body = new JsonObject();
        validitySeconds.ifPresent(seconds -> body.put("validitySeconds", seconds));
        return Answers.read(api.send("POST", provider(provider, "/tokens"), body), Answers::token);
    }

    @Override
    public List<ProviderInfo> providers(long after, int limit) {
        return Answers.read(
                api.get("/v1/providers" + page(after, limit)), Answers.list("providers", Answers::provider));
    }

    @Override
    public ProviderInfo provider(long number) {
        return Answers.read(api.get(provider(number, "")), Answers::provider);
    }

    @Override
    public ProviderInfo setQuota(long provider, OptionalInt quota) {
        JsonObject body = new JsonObject().putNull("quota");
        quota.ifPresent(own -> body.put("quota", own));
        return Answers.read(api.send("PUT", provider(provider, "/quota"), body), Answers::provider);
    }

    @Override
    public RevocationInfo revokePseudonym(Pseudonym pseudonym, String reason) {
        return Answers.read(api.send("POST", "/v1/revocations", because(pseudonym, reason)), Answers::revocation);
    }

    @Override
    public RevocationInfo revokeProvider(long provider, String reason) {
        JsonObject body = new JsonObject().put("reason", reason);
        return Answers.read(api.send("POST", provider(provider, "/revocation"), body), Answers::revocation);
    }

    @Override
    public List<KeyEpochInfo> keyEpochs() {
        return Answers.read(api.get("/v1/key-epochs"), Answers.list("keyEpochs", Answers::epoch));
    }

    @Override
    public KeyEpochInfo rotate(long activateAfterSeconds) {
        JsonObject body = new JsonObject().put("activateAfterSeconds", activateAfterSeconds);
        return Answers.read(api.send("POST", "/v1/key-epochs", body), Answers::epoch);
    }

    @Override
    public TraceInfo trace(Pseudonym pseudonym, String reason) {
        return Answers.read(api.send("POST", "/v1/traces/pseudonym", because(pseudonym, reason)), Answers::trace);
    }

    @Override
    public ReceiptTraceInfo traceReceipt(byte[] signedReceipt, String reason) {
        JsonObject body = new JsonObject().put("receipt", base64(signedReceipt)).put("reason", reason);
        return Answers.read(api.send("POST", "/v1/traces/receipt", body), Answers::receiptTrace);
    }

    @Override
    public List<AuditEntry> audit(long after, int limit) {
        return Answers.read(
                api.get("/v1/audit/entries" + page(after, limit)), Answers.list("entries", Answers::auditEntry));
    }

    @Override
    public byte[] auditHead() {
        return Answers.read(api.get("/v1/audit/head"), Answers::bulletin);
    }

    @Override
    public CommitmentProof certificate(Certificate certificate) {
        JsonObject body = new JsonObject().put("certificate", base64(certificate.encoded()));
        return Answers.read(api.send("POST", "/v1/audit/certificate-lookups", body), Answers::proof);
    }

    @Override
    public BackupInfo backup() {
        return Answers.read(api.send("POST", "/v1/backups", new JsonObject()), Answers::backup);
    }

    @Override
    public StatusInfo status() {
        return Answers.read(api.get("/v1/status"), Answers::status);
    }

    private static String provider(long number, String what) {
        return "/v1/providers/" + number + what;
    }

    private static String page(long after, int limit) {
        return "?after=" + after + "&limit=" + limit;
    }

    private static JsonObject because(Pseudonym pseudonym, String reason) {
        return new JsonObject().put("pseudonym", pseudonym.hex()).put("reason", reason);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
