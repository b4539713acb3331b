package io.ferrymesh.provider.api.exchange;

import io.ferrymesh.provider.service.Authenticated;
import io.ferrymesh.provider.service.FailureView;
import io.ferrymesh.provider.service.GrantView;
import io.ferrymesh.provider.service.MigrationEvent;
import io.ferrymesh.provider.service.MigrationView;
import io.ferrymesh.provider.service.PasskeyChallenge;
import io.ferrymesh.provider.service.PasskeyInfo;
import io.ferrymesh.provider.service.ProgressView;
import io.ferrymesh.provider.service.SessionInfo;
import io.ferrymesh.provider.service.Tokens;
import io.ferrymesh.provider.service.UserStores;
import io.vertx.core.json.JsonObject;
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
        return json;
    }

    /** Schema Migration. */
    public static JsonObject of(MigrationView migration) {
        JsonObject json = new JsonObject()
                .put("migrationId", migration.id().hex())
                .put("state", migration.state().name())
                .put("createdAt", migration.createdAt().toString())
                .put("progress", of(migration.progress()))
                .put("hasReceipt", migration.hasReceipt());
        known(json, "startedAt", migration.startedAt(), Object::toString);
        known(json, "finishedAt", migration.finishedAt(), Object::toString);
        known(json, "handshakeMicros", migration.handshakeMicros(), micros -> micros);
        known(json, "ownPseudonym", migration.own(), own -> own.hex());
        known(json, "peerPseudonym", migration.peer(), peer -> peer.hex());
        known(json, "merkleRoot", migration.merkleRoot(), root -> root.hex());
        known(json, "failure", migration.failure(), Views::of);
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
                .put("bytesDone", progress.bytesDone());
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

    private static JsonObject of(FailureView failure) {
        return new JsonObject().put("code", failure.code()).put("message", failure.message());
    }

    private static <T> void known(JsonObject json, String field, Optional<T> value, Function<T, Object> view) {
        value.ifPresent(there -> json.put(field, view.apply(there)));
    }
}
