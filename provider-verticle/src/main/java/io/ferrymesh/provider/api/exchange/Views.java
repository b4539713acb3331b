package io.ferrymesh.provider.api.exchange;

import io.ferrymesh.provider.options.OptionsJson;
import io.ferrymesh.provider.service.AccountEvent;
import io.ferrymesh.provider.service.Authenticated;
import io.ferrymesh.provider.service.EventType;
import io.ferrymesh.provider.service.FailureView;
import io.ferrymesh.provider.service.GrantView;
import io.ferrymesh.provider.service.MigrationEvent;
import io.ferrymesh.provider.service.MigrationView;
import io.ferrymesh.provider.service.MirrorView;
import io.ferrymesh.provider.service.MovedView;
import io.ferrymesh.provider.service.PasskeyChallenge;
import io.ferrymesh.provider.service.PasskeyInfo;
import io.ferrymesh.provider.service.ProgressView;
import io.ferrymesh.provider.service.ProofView;
import io.ferrymesh.provider.service.SessionInfo;
import io.ferrymesh.provider.service.Tokens;
import io.ferrymesh.provider.service.UserStores;
import io.ferrymesh.provider.service.WebhookService;
import io.ferrymesh.provider.service.WebhookView;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.KgcPublicKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The document's schemas, made of what the services say. What is not known yet is left out. */
public final class Views {

    private Views() {}

    /** Schema Tokens. */
    public static JsonObject of(Tokens tokens) {
        JsonObject json = new JsonObject()
                .put("name", tokens.account().name())
                .put("sessionId", tokens.sessionId())
                .put("accessToken", tokens.access())
                .put("expiresInSeconds", tokens.expiresInSeconds())
                .put("refreshToken", tokens.refresh());
        known(json, "deviceToken", tokens.device(), token -> token);
        return json;
    }

    /** Schema Session, as this session sees it. */
    public static JsonObject of(SessionInfo session, Authenticated who) {
        return new JsonObject()
                .put("id", session.id())
                .put("createdAt", session.createdAt().toString())
                .put("lastUsedAt", session.lastUsedAt().toString())
                .put("expiresAt", session.expiresAt().toString())
                .put("method", session.method())
                .put("current", session.id().equals(who.sessionId()));
    }

    /** Schema Account. */
    public static JsonObject account(String name, UserStores.Usage usage) {
        return new JsonObject().put("name", name).put("usedBytes", usage.used()).put("quotaBytes", usage.quota());
    }

    /** Schema PasskeyChallenge. */
    public static JsonObject of(PasskeyChallenge challenge) {
        return new JsonObject()
                .put("challengeId", challenge.id())
                .put("options", new JsonObject(challenge.optionsJson()));
    }

    /** Schema Passkey. */
    public static JsonObject of(PasskeyInfo passkey) {
        JsonObject json = new JsonObject()
                .put("id", passkey.id())
                .put("label", passkey.label())
                .put("createdAt", passkey.createdAt().toString());
        known(json, "lastUsedAt", passkey.lastUsedAt(), Object::toString);
        return json;
    }

    /** Schema Grant. */
    public static JsonObject of(GrantView grant) {
        JsonObject json = new JsonObject()
                .put("migrationId", grant.id().hex())
                .put("state", grant.state().name())
                .put("prefix", grant.prefix())
                .put("createdAt", grant.createdAt().toString())
                .put("expiresAt", grant.expiresAt().toString())
                .put("objectsListed", grant.objectsListed())
                .put("objectsSent", grant.objectsSent())
                .put("objectsFailed", grant.objectsFailed())
                .put("bytesSent", grant.bytesSent())
                .put("hasReceipt", grant.hasReceipt());
        known(json, "ownPseudonym", grant.own(), own -> own.hex());
        known(json, "peerPseudonym", grant.peer(), peer -> peer.hex());
        known(json, "failure", grant.failure(), Views::of);
        known(json, "moved", grant.moved(), Views::of);
        return json;
    }

    /** Schema Moved. */
    public static JsonObject of(MovedView moved) {
        return new JsonObject()
                .put("state", moved.state().name())
                .put("objects", moved.objects())
                .put("bytes", moved.bytes())
                .put("kept", moved.kept())
                .put("failed", moved.failed());
    }

    /** Schema Mirror. */
    public static JsonObject of(MirrorView mirror) {
        JsonObject json = new JsonObject()
                .put("state", mirror.state().name())
                .put("objectsFound", mirror.objectsFound())
                .put("bytesFound", mirror.bytesFound())
                .put("objectsRemoved", mirror.objectsRemoved())
                .put("bytesRemoved", mirror.bytesRemoved())
                .put("objectsKept", mirror.objectsKept());
        known(json, "code", mirror.code(), code -> code.name());
        return json;
    }

    private static JsonObject of(AccountEvent.Removed removed) {
        JsonObject json = new JsonObject()
                .put("objects", removed.objects())
                .put("bytes", removed.bytes())
                .put("kept", removed.kept())
                .put("failed", removed.failed());
        known(json, "code", removed.code(), code -> code);
        return json;
    }

    /** Schema Migration. */
    public static JsonObject of(MigrationView migration) {
        JsonObject json = new JsonObject()
                .put("migrationId", migration.id().hex())
                .put("state", migration.state().name())
                .put("createdAt", migration.createdAt().toString())
                .put("progress", of(migration.progress()))
                .put("hasReceipt", migration.hasReceipt())
                .put("options", OptionsJson.of(migration.options()).mergeIn(OptionsJson.of(migration.schedule())));
        known(json, "dryRun", migration.dryRun(), OptionsJson::of);
        known(json, "mirror", migration.mirror(), Views::of);
        known(json, "startedAt", migration.startedAt(), Object::toString);
        known(json, "finishedAt", migration.finishedAt(), Object::toString);
        known(json, "handshakeMicros", migration.handshakeMicros(), micros -> micros);
        known(json, "ownPseudonym", migration.own(), own -> own.hex());
        known(json, "peerPseudonym", migration.peer(), peer -> peer.hex());
        known(json, "merkleRoot", migration.merkleRoot(), root -> root.hex());
        known(json, "failure", migration.failure(), Views::of);
        known(json, "retryAt", migration.retryAt(), Object::toString);
        known(json, "cryptoProvider", migration.cryptoProvider(), provider -> provider);
        return json;
    }

    /** Schema Progress. */
    public static JsonObject of(ProgressView progress) {
        return new JsonObject()
                .put("objectsListed", progress.objectsListed())
                .put("listingComplete", progress.listingComplete())
                .put("objectsDone", progress.objectsDone())
                .put("objectsAlreadyThere", progress.objectsAlreadyThere())
                .put("objectsFailed", progress.objectsFailed())
                .put("objectsSkipped", progress.objectsSkipped())
                .put("bytesListed", progress.bytesListed())
                .put("bytesMoved", progress.bytesMoved())
                .put("bytesDone", progress.bytesDone())
                .put("objectsExcluded", progress.objectsExcluded());
    }

    /** Schema MigrationEvent. */
    public static JsonObject of(MigrationEvent event) {
        JsonObject json = new JsonObject()
                .put("number", event.number())
                .put("at", event.at().toString())
                .put("state", event.state().name());
        known(json, "failure", event.failure(), Views::of);
        return json;
    }

    /** Schema AccountEvent. */
    public static JsonObject of(AccountEvent event) {
        JsonObject json = new JsonObject()
                .put("number", event.number())
                .put("at", event.at().toString())
                .put("type", event.type().text());
        known(json, "migrationId", event.migration(), id -> id.hex());
        known(json, "state", event.state(), state -> state.name());
        known(json, "peerPseudonym", event.peer(), peer -> peer.hex());
        known(json, "failure", event.failure(), Views::of);
        event.count().ifPresent(many -> json.put("count", many));
        known(json, "removed", event.removed(), Views::of);
        known(json, "webhookId", event.webhook(), name -> name);
        return json;
    }

    /** Schema Webhook. */
    public static JsonObject of(WebhookView webhook) {
        JsonObject json = new JsonObject()
                .put("webhookId", webhook.name())
                .put("url", webhook.url().toString())
                .put(
                        "types",
                        new JsonArray(webhook.types().stream()
                                .map(EventType::text)
                                .sorted()
                                .toList()))
                .put("createdAt", webhook.createdAt().toString())
                .put("waiting", webhook.waiting());
        known(json, "deliveredAt", webhook.deliveredAt(), Object::toString);
        known(json, "lastError", webhook.lastError(), why -> why);
        return json;
    }

    /** Schema Webhook, with its secret if it is to be shown. */
    public static JsonObject of(WebhookService.Kept kept) {
        JsonObject json = of(kept.webhook());
        known(json, "secret", kept.secret(), secret -> secret);
        return json;
    }

    /** Schema InclusionProof. */
    public static JsonObject of(ProofView proof) {
        return new JsonObject()
                .put("migrationId", proof.migration().hex())
                .put("path", proof.path())
                .put("size", proof.size())
                .put("digest", proof.digest().hex())
                .put("index", proof.proof().index())
                .put("objects", proof.proof().size())
                .put(
                        "auditPath",
                        new JsonArray(
                                proof.proof().path().stream().map(Digest::hex).toList()))
                .put("merkleRoot", proof.root().hex());
    }

    /** Schema KeyCentre. */
    public static JsonObject keyCentre(List<KgcPublicKey> keys) {
        return new JsonObject()
                .put(
                        "keys",
                        new JsonArray(keys.stream()
                                .map(key -> new JsonObject()
                                        .put("fingerprint", key.fingerprint().hex())
                                        .put("publicKey", HexFormat.of().formatHex(key.encoded())))
                                .toList()));
    }

    private static JsonObject of(FailureView failure) {
        return new JsonObject().put("code", failure.code()).put("message", failure.message());
    }

    private static <T> void known(JsonObject json, String field, Optional<T> value, Function<T, Object> view) {
        value.ifPresent(there -> json.put(field, view.apply(there)));
    }
}
