package io.ferrymesh.provider.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** A good request for every operation of the document. */
final class Samples {

    static final String ID = "0123456789abcdef".repeat(2);
    static final String PSK = "fedcba9876543210".repeat(4);

    private static final JsonObject LOGIN =
            new JsonObject().put("name", "alice").put("password", "correct horse battery");
    private static final JsonObject MOVE =
            new JsonObject().put("migrationId", ID).put("psk", PSK);
    private static final JsonObject RESPONSE =
            new JsonObject().put("id", "AAAA").put("response", new JsonObject().put("clientDataJSON", "AAAA"));

    private static final JsonObject SCHEDULE = new JsonObject()
            .put("startAt", "2030-01-31T22:00:00Z")
            .put("deadline", "2030-02-28T22:00:00.5Z")
            .put(
                    "bandwidth",
                    new JsonObject()
                            .put("bytesPerSecond", 1_000_000)
                            .put(
                                    "timetable",
                                    new JsonArray()
                                            .add(new JsonObject()
                                                    .put("from", "22:00")
                                                    .put("to", "06:00")
                                                    .put("timeZone", "Europe/Berlin"))));

    private static final JsonObject OPTIONS = new JsonObject()
            .put(
                    "selection",
                    new JsonObject()
                            .put("exclude", new JsonArray().add("*.tmp"))
                            .put("minBytes", 1))
            .put("conflict", "KEEP_BOTH")
            .put("metadata", "REQUIRE")
            .put("verification", "READ_BACK")
            .put("sourceChanged", "FAIL")
            .put("attempts", 10)
            .put("dryRun", false);

    private static final Map<String, JsonObject> BODIES = Map.ofEntries(
            Map.entry("register", LOGIN),
            Map.entry("login", LOGIN),
            Map.entry("refresh", new JsonObject().put("refreshToken", "refresh-token")),
            Map.entry(
                    "changePassword",
                    new JsonObject()
                            .put("oldPassword", "")
                            .put("newPassword", "another horse battery")
                            .put("removePasskeys", true)),
            Map.entry("deleteAccount", new JsonObject().put("password", "correct horse battery")),
            Map.entry("beginPasskey", new JsonObject().put("password", "correct horse battery")),
            Map.entry("beginPasskeyRegistration", new JsonObject().put("name", "alice")),
            Map.entry("registerWithPasskey", passkey()),
            Map.entry("addPasskey", passkey()),
            Map.entry("beginPasskeyLogin", new JsonObject().put("name", "alice")),
            Map.entry(
                    "loginWithPasskey",
                    new JsonObject().put("challengeId", "challenge-1").put("response", RESPONSE)),
            Map.entry("createGrant", MOVE.copy().put("prefix", "photos/").put("expiresInSeconds", 3_600)),
            Map.entry(
                    "createMigration", MOVE.copy().put("options", OPTIONS.copy().mergeIn(SCHEDULE))),
            Map.entry("changeMigration", SCHEDULE),
            Map.entry(
                    "putWebhook",
                    new JsonObject()
                            .put("url", "https://hooks.example.org/ferrymesh?a=b")
                            .put("types", new JsonArray().add("grant.used"))));

    private Samples() {}

    static JsonObject body(String operation) {
        JsonObject body = BODIES.get(operation);
        if (body == null) {
            throw new AssertionError("no sample for " + operation);
        }
        return body.copy();
    }

    /** A path of the document with everything in it. */
    static String path(String template) {
        String query = template.endsWith("/proof") ? "?path=photos/2025/cat.jpg" : "";
        return template.replace("{migrationId}", ID)
                        .replace("{sessionId}", "session-alice")
                        .replace("{passkeyId}", "cGFzc2tleQ")
                        .replace("{webhookId}", "my-hook")
                        .replace("{path}", "photos/2025/cat.jpg")
                + query;
    }

    private static JsonObject passkey() {
        return new JsonObject()
                .put("challengeId", "challenge-1")
                .put("label", "my phone")
                .put("response", RESPONSE);
    }
}
