package io.ferrymesh.cli;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** A user at one provider: what their phone would do, over the provider's HTTP API. */
final class UserClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final URI provider;
    private final String token;

    UserClient(URI provider, String token) {
        this.provider = provider;
        this.token = token;
    }

    /** At the source: lets everything under {@code prefix} leave. */
    void grant(Grant grant, String prefix) throws IOException, InterruptedException {
        JsonObject body = grant.json();
        if (!prefix.isEmpty()) {
            body.put("prefix", prefix);
        }
        post("/v1/grants", body);
    }

    /** At the destination: fetches. */
    void migrate(Grant grant) throws IOException, InterruptedException {
        post("/v1/migrations", grant.json());
    }

    /** The destination's view of a migration. */
    MigrationView migration(String migrationId) throws IOException, InterruptedException {
        return new MigrationView(json(get("/v1/migrations/" + migrationId)));
    }

    /** The source's state of a grant. */
    String grantState(String migrationId) throws IOException, InterruptedException {
        return json(get("/v1/grants/" + migrationId)).getString("state");
    }

    /** What did not arrive, a JSON object each. */
    List<JsonObject> report(String migrationId) throws IOException, InterruptedException {
        return new String(get("/v1/migrations/" + migrationId + "/report"), java.nio.charset.StandardCharsets.UTF_8)
                .lines()
                .map(JsonObject::new)
                .toList();
    }

    byte[] receipt(String migrationId) throws IOException, InterruptedException {
        return get("/v1/migrations/" + migrationId + "/receipt");
    }

    private void post(String path, JsonObject body) throws IOException, InterruptedException {
        byte[] unused = send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode())));
    }

    private byte[] get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(provider.resolve(path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token);
    }

    private byte[] send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpRequest sent = request.build();
        HttpResponse<byte[]> response = http.send(sent, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() >= 300) {
            throw new IOException("%s %s: %d %s"
                    .formatted(sent.method(), sent.uri(), response.statusCode(), problem(response.body())));
        }
        return response.body();
    }

    private static String problem(byte[] body) {
        try {
            JsonObject problem = json(body);
            return problem.getString("code", "") + " " + problem.getString("detail", problem.getString("title", ""));
        } catch (IOException e) {
            return "";
        }
    }

    private static JsonObject json(byte[] body) throws IOException {
        try {
            return new JsonObject(new String(body, java.nio.charset.StandardCharsets.UTF_8));
        } catch (DecodeException e) {
            throw new IOException("the provider did not answer with JSON", e);
        }
    }
}
