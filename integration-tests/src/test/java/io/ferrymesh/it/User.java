package io.ferrymesh.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/** A user at one provider, over its HTTP API. */
final class User {

    private static final Set<String> OVER = Set.of("COMPLETED", "FAILED", "CANCELLED", "WITHDRAWN");

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI provider;
    private final String token;

    User(Nodes.Node provider, Path token) throws IOException {
        this.provider = provider.api();
        this.token = Files.readString(token).strip();
    }

    /** What both providers are told. */
    static JsonObject freshGrant() {
        return new JsonObject().put("migrationId", random(16)).put("psk", random(32));
    }

    /** At the source. */
    void allow(JsonObject grant) throws IOException, InterruptedException {
        JsonObject unused = send("/v1/grants", Optional.of(grant));
    }

    /** At the destination. */
    void fetch(JsonObject grant) throws IOException, InterruptedException {
        JsonObject unused = send("/v1/migrations", Optional.of(grant));
    }

    /** The source's view. */
    JsonObject grant(JsonObject grant) throws IOException, InterruptedException {
        return send("/v1/grants/" + grant.getString("migrationId"), Optional.empty());
    }

    /** The destination's view. */
    JsonObject migration(JsonObject grant) throws IOException, InterruptedException {
        return send("/v1/migrations/" + grant.getString("migrationId"), Optional.empty());
    }

    /** Waits until so many bytes moved, and the migration still runs. */
    void awaitMoved(JsonObject grant, long bytes) throws Exception {
        JsonObject seen = Awaiting.until(bytes + " bytes moved", () -> Optional.of(migration(grant))
                .filter(view -> over(view) || view.getJsonObject("progress").getLong("bytesMoved") >= bytes));
        assertThat(seen.getString("state")).as(seen.encode()).isEqualTo("RUNNING");
    }

    /** The destination's view when all is over. */
    JsonObject awaitMigration(JsonObject grant) throws Exception {
        return Awaiting.until(
                "the migration's end", () -> Optional.of(migration(grant)).filter(User::over));
    }

    /** The source's view when all is over. */
    JsonObject awaitGrant(JsonObject grant) throws Exception {
        return Awaiting.until("the grant's end", () -> Optional.of(grant(grant)).filter(User::over));
    }

    private static boolean over(JsonObject view) {
        return OVER.contains(view.getString("state"));
    }

    private JsonObject send(String path, Optional<JsonObject> body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(provider.resolve(path))
                .timeout(Duration.ofMinutes(1))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json");
        HttpRequest sent = body.map(json -> request.POST(HttpRequest.BodyPublishers.ofString(json.encode())))
                .orElseGet(request::GET)
                .build();
        HttpResponse<String> response = http.send(sent, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
        return new JsonObject(response.body());
    }

    private static String random(int bytes) {
        byte[] value = new byte[bytes];
        new SecureRandom().nextBytes(value);
        return HexFormat.of().formatHex(value);
    }
}
