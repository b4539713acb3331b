package io.ferrymesh.benchmarks.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Map;

/** A user at one provider, over its HTTP API. */
final class UserApi {

    private final HttpApi api;

    UserApi(HttpClient http, URI provider, String token) {
        this.api = new HttpApi(http, provider, token);
    }

    /** At the source: lets everything leave. */
    void grant(String id, String psk) throws IOException, InterruptedException {
        JsonNode unused = api.post("/v1/grants", Map.of("migrationId", id, "psk", psk));
    }

    /** At the destination: fetches. */
    void migrate(String id, String psk) throws IOException, InterruptedException {
        JsonNode unused = api.post("/v1/migrations", Map.of("migrationId", id, "psk", psk));
    }

    /** At the destination: how it stands. */
    JsonNode migration(String id) throws IOException, InterruptedException {
        return api.get("/v1/migrations/" + id);
    }
}
