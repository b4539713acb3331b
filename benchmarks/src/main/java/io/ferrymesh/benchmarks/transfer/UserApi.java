package io.ferrymesh.benchmarks.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A user at one provider, over its HTTP API. */
public final class UserApi {

    private final HttpApi api;

    private UserApi(HttpApi api) {
        this.api = api;
    }

    /** A fresh session, good for a few minutes. */
    public static UserApi login(HttpClient http, Nodes.RunningProvider provider, String name)
            throws IOException, InterruptedException {
        JsonNode tokens = new HttpApi(http, provider.api(), "")
                .post("/v1/sessions", Map.of("name", name, "password", provider.password()));
        String token = tokens.required("accessToken").asText();
        return new UserApi(new HttpApi(http, provider.api(), token));
    }

    /** At the source: lets everything under a prefix leave. */
    public void grant(String id, String psk, String prefix) throws IOException, InterruptedException {
        JsonNode unused = api.post("/v1/grants", Map.of("migrationId", id, "psk", psk, "prefix", prefix));
    }

    /** At the destination: fetches. */
    public void migrate(String id, String psk) throws IOException, InterruptedException {
        JsonNode unused = api.post("/v1/migrations", Map.of("migrationId", id, "psk", psk));
    }

    /** At the destination: a page of all there are, after the one that the last page named. */
    public JsonNode migrations(String cursor) throws IOException, InterruptedException {
        String after = cursor.isEmpty() ? "" : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
        return api.get("/v1/migrations?limit=100" + after);
    }

    /** At the destination: how it stands. */
    public JsonNode migration(String id) throws IOException, InterruptedException {
        return api.get("/v1/migrations/" + id);
    }
}
