package io.ferrymesh.cli.user;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/** A user's grants at the source, and migrations at the destination. */
public final class MigrationClient {

    private static final String MIGRATIONS = "/v1/migrations/";

    private final UserClient user;

    public MigrationClient(UserClient user) {
        this.user = user;
    }

    /** At the source: lets everything under {@code prefix} leave. */
    public void grant(JsonObject grant, String prefix) throws IOException, InterruptedException {
        JsonObject body = grant.copy();
        if (!prefix.isEmpty()) {
            body.put("prefix", prefix);
        }
        user.tell("POST", "/v1/grants", Optional.of(body));
    }

    /** At the destination: fetches; a migration that failed or pauses goes on. */
    public void migrate(JsonObject grant) throws IOException, InterruptedException {
        String state = user.send("POST", "/v1/migrations", grant).getString("state");
        if ("FAILED".equals(state) || "PAUSED".equals(state)) {
            user.tell("POST", MIGRATIONS + grant.getString("migrationId") + "/resume", Optional.empty());
        }
    }

    /** The destination's view of a migration. */
    public JsonObject migration(String migrationId) throws IOException, InterruptedException {
        return user.get(MIGRATIONS + migrationId);
    }

    /** What became of each object, in order, an entry at a time. */
    public void report(String migrationId, Consumer<JsonObject> each) throws IOException, InterruptedException {
        InputStream body = user.stream(MIGRATIONS + migrationId + "/report", "application/x-ndjson")
                .body();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                each.accept(new JsonObject(line));
            }
        } catch (DecodeException e) {
            throw new IOException("the provider's report is not NDJSON", e);
        }
    }

    /** The countersigned receipt. */
    public byte[] receipt(String migrationId) throws IOException, InterruptedException {
        try (InputStream body = user.stream(MIGRATIONS + migrationId + "/receipt", "application/octet-stream")
                .body()) {
            return body.readAllBytes();
        }
    }
}
