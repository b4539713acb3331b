package io.ferrymesh.benchmarks.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;

/** A user at one provider, over its HTTP API. */
final class UserApi {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final URI provider;
    private final String token;

    UserApi(HttpClient http, URI provider, String token) {
        this.http = http;
        this.provider = provider;
        this.token = token;
    }

    /** At the source: lets everything leave. */
    void grant(String id, String psk) throws IOException, InterruptedException {
        JsonNode unused = post("/v1/grants", Map.of("migrationId", id, "psk", psk));
    }

    /** At the destination: fetches. */
    void migrate(String id, String psk) throws IOException, InterruptedException {
        JsonNode unused = post("/v1/migrations", Map.of("migrationId", id, "psk", psk));
    }

    /** At the destination: how it stands. */
    JsonNode migration(String id) throws IOException, InterruptedException {
        return send(request("/v1/migrations/" + id).GET());
    }

    private JsonNode post(String path, Map<String, String> body) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(provider.resolve(path)).header("Authorization", "Bearer " + token);
    }

    private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpRequest sent = request.build();
        HttpResponse<String> response = http.send(sent, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IOException(sent.uri() + ": " + response.statusCode() + " " + response.body());
        }
        return JSON.readTree(response.body());
    }
}
