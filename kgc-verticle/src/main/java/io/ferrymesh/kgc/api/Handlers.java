package io.ferrymesh.kgc.api;

import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.kgc.operator.ProviderInfo;
import io.ferrymesh.scheme.Certificate;
import io.ferrymesh.scheme.MalformedException;
import io.ferrymesh.scheme.Pseudonym;
import io.ferrymesh.scheme.SignedReceipt;
import io.ferrymesh.web.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What each operation of the document does, by its operationId. Worker threads. */
final class Handlers {

    /** Every operation that an operator asks for. */
    static final Map<String, Function<Call, Reply>> BY_OPERATION = Map.ofEntries(
            Map.entry("status", call -> ok(OperatorJson.of(call.operations().status()))),
            Map.entry("listProviders", Handlers::listProviders),
            Map.entry("createProvider", Handlers::createProvider),
            Map.entry(
                    "showProvider", call -> ok(OperatorJson.of(call.operations().provider(call.number())))),
            Map.entry("setQuota", Handlers::setQuota),
            Map.entry("createToken", Handlers::createToken),
            Map.entry("revokeProvider", Handlers::revokeProvider),
            Map.entry("revokePseudonym", Handlers::revokePseudonym),
            Map.entry("listKeyEpochs", Handlers::listKeyEpochs),
            Map.entry("rotate", Handlers::rotate),
            Map.entry("tracePseudonym", Handlers::tracePseudonym),
            Map.entry("traceReceipt", Handlers::traceReceipt),
            Map.entry("listAuditEntries", Handlers::listAuditEntries),
            Map.entry("showAuditHead", Handlers::showAuditHead),
            Map.entry("lookUpCertificate", Handlers::lookUpCertificate),
            Map.entry(
                    "createBackup",
                    call -> Reply.json(201, OperatorJson.of(call.operations().backup()))));

    private Handlers() {}

    private static Reply listProviders(Call call) {
        return list("providers", call.operations().providers(call.after(), call.limit()), OperatorJson::of);
    }

    private static Reply createProvider(Call call) {
        ProviderInfo made = call.operations().createProvider(call.text("name"), call.optionalInt("quota"));
        return Reply.json(201, OperatorJson.of(made)).with("Location", "/v1/providers/" + made.number());
    }

    private static Reply setQuota(Call call) {
        return ok(OperatorJson.of(call.operations().setQuota(call.number(), call.optionalInt("quota"))));
    }

    private static Reply createToken(Call call) {
        return Reply.json(
                201,
                OperatorJson.of(call.operations().createToken(call.number(), call.optionalLong("validitySeconds"))));
    }

    private static Reply revokeProvider(Call call) {
        return ok(OperatorJson.of(call.operations().revokeProvider(call.number(), call.text("reason"))));
    }

    private static Reply revokePseudonym(Call call) {
        return ok(OperatorJson.of(call.operations().revokePseudonym(pseudonym(call), call.text("reason"))));
    }

    private static Reply listKeyEpochs(Call call) {
        return list("keyEpochs", call.operations().keyEpochs(), OperatorJson::of);
    }

    private static Reply rotate(Call call) {
        return Reply.json(201, OperatorJson.of(call.operations().rotate(call.integer("activateAfterSeconds"))));
    }

    private static Reply tracePseudonym(Call call) {
        return ok(OperatorJson.of(call.operations().trace(pseudonym(call), call.text("reason"))));
    }

    private static Reply traceReceipt(Call call) {
        byte[] receipt = call.bytes("receipt", SignedReceipt.LENGTH);
        return ok(OperatorJson.of(call.operations().traceReceipt(receipt, call.text("reason"))));
    }

    private static Reply listAuditEntries(Call call) {
        return list("entries", call.operations().audit(call.after(), call.limit()), OperatorJson::of);
    }

    private static Reply showAuditHead(Call call) {
        String bulletin = Base64.getEncoder().encodeToString(call.operations().auditHead());
        return ok(new JsonObject().put("bulletin", bulletin));
    }

    private static Reply lookUpCertificate(Call call) {
        try {
            Certificate certificate = Certificate.decode(call.bytes("certificate", Certificate.LENGTH));
            return ok(OperatorJson.of(call.operations().certificate(certificate)));
        } catch (MalformedException e) {
            throw new OperationException(
                    OperationException.Code.INVALID, "certificate must be a certificate: " + e.getMessage());
        }
    }

    private static Pseudonym pseudonym(Call call) {
        return Pseudonym.parse(call.text("pseudonym"));
    }

    private static Reply ok(JsonObject body) {
        return Reply.json(200, body);
    }

    private static <T> Reply list(String name, List<T> items, Function<T, JsonObject> json) {
        return ok(new JsonObject()
                .put(name, new JsonArray(items.stream().map(json).toList())));
    }
}
