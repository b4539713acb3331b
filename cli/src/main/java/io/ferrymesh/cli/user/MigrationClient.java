package io.ferrymesh.cli.user;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** A user's grants at the source, and migrations at the destination. */
public final class MigrationClient {

    private static final String MIGRATIONS = "/v1/migrations/";

    private final UserClient user;

    public MigrationClient(UserClient user) {
        this.user = user;
    }

    /** At the source: lets everything under {@code prefix} leave, for good if it moves. */
    public void grant(JsonObject grant, String prefix, boolean move) throws IOException, InterruptedException {
        JsonObject body = grant.copy();
        if (move) {
            body.put("move", true);
        }
        if (!prefix.isEmpty()) {
            body.put("prefix", prefix);
        }
        user.tell("POST", "/v1/grants", Optional.of(body));
    }

    /** The source's view of a grant. */
    public JsonObject grant(String migrationId) throws IOException, InterruptedException {
        return user.get("/v1/grants/" + migrationId);
    }

    /** At the source: takes a grant back. */
    public void withdraw(String migrationId) throws IOException, InterruptedException {
        user.tell("DELETE", "/v1/grants/" + migrationId, Optional.empty());
    }

    /** At the destination: fetches; a migration that failed or pauses goes on. Without options it is as it was or by default. */
    public void migrate(JsonObject grant, Optional<JsonObject> options) throws IOException, InterruptedException {
        JsonObject body = grant.copy();
        options.ifPresent(given -> body.put("options", given));
        String state = user.send("POST", "/v1/migrations", body).getString("state");
        if ("FAILED".equals(state) || "PAUSED".equals(state)) {
            user.tell("POST", MIGRATIONS + grant.getString("migrationId") + "/resume", Optional.empty());
        }
    }

    /** The destination's view of a migration. */
    public JsonObject migration(String migrationId) throws IOException, InterruptedException {
        return user.get(MIGRATIONS + migrationId);
    }

    /** All of the user's, newest first. */
    public void migrations(Consumer<JsonObject> each) throws IOException, InterruptedException {
        Optional<String> next = Optional.of("");
        while (next.isPresent()) {
            String cursor = next.get().isEmpty() ? "" : "?cursor=" + ProviderHttp.encoded(next.get());
            JsonObject page = user.get("/v1/migrations" + cursor);
            page.getJsonArray("migrations").forEach(item -> each.accept((JsonObject) item));
            next = Optional.ofNullable(page.getString("next"));
        }
    }

    /** Has one pause, resume or retry. */
    public JsonObject move(String migrationId, String how) throws IOException, InterruptedException {
        return user.send("POST", MIGRATIONS + migrationId + "/" + how);
    }

    /** Ends one for good. */
    public void cancel(String migrationId) throws IOException, InterruptedException {
        user.tell("DELETE", MIGRATIONS + migrationId, Optional.empty());
    }

    /** Changes when one goes and how fast. */
    public JsonObject change(String migrationId, JsonObject change) throws IOException, InterruptedException {
        return user.send("PATCH", MIGRATIONS + migrationId, change);
    }

    /** That the receipt covers an object. */
    public JsonObject proof(String migrationId, String path) throws IOException, InterruptedException {
        return user.get(MIGRATIONS + migrationId + "/proof?path=" + ProviderHttp.encoded(path));
    }

    /** What happens in one until it has ended. */
    public void events(String migrationId, Consumer<JsonObject> each) throws IOException, InterruptedException {
        ServerSentEvents.read(user, MIGRATIONS + migrationId + "/events", 0, each);
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

    /** The newest countersigned receipt. */
    public byte[] receipt(String migrationId) throws IOException, InterruptedException {
        return receipt(migrationId, OptionalLong.empty());
    }

    /** A countersigned receipt: of a number, from 1 as they came, or the newest. */
    public byte[] receipt(String migrationId, OptionalLong number) throws IOException, InterruptedException {
        String which = number.isPresent() ? "?number=" + number.getAsLong() : "";
        try (InputStream body = user.stream(MIGRATIONS + migrationId + "/receipt" + which, "application/octet-stream")
                .body()) {
            return body.readAllBytes();
        }
    }
}
