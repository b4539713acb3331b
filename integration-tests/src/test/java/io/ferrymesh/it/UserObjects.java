package io.ferrymesh.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A user's objects at one process of a provider, over its HTTP API. */
public final class UserObjects {

    private final User.Door door;
    private final String token;

    /** Of the user with that token. */
    UserObjects(User.Door door, String token) {
        this.door = door;
        this.token = token;
    }

    /** Makes it or replaces it. */
    public void put(String path, byte[] bytes, Instant modified) throws IOException, InterruptedException {
        HttpRequest.Builder request = object(path).header("X-Ferrymesh-Modified", modified.toString());
        assertThat(send(request, "PUT", BodyPublishers.ofByteArray(bytes)).statusCode())
                .as("PUT " + path)
                .isIn(201, 204);
    }

    /** The status when it is to be made only where there is none. */
    int make(String path, byte[] bytes) throws IOException, InterruptedException {
        return send(object(path).header("If-None-Match", "*"), "PUT", BodyPublishers.ofByteArray(bytes))
                .statusCode();
    }

    /** All of its bytes. */
    public byte[] get(String path) throws IOException, InterruptedException {
        return got(object(path), path, 200);
    }

    /** Some of its bytes. */
    byte[] get(String path, long first, long last) throws IOException, InterruptedException {
        return got(object(path).header("Range", "bytes=%d-%d".formatted(first, last)), path, 206);
    }

    private byte[] got(HttpRequest.Builder request, String path, int status) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = send(request, "GET", BodyPublishers.noBody());
        assertThat(response.statusCode()).as("GET " + path).isEqualTo(status);
        return response.body();
    }

    /** The status of a request without a body. */
    int status(String method, String path) throws IOException, InterruptedException {
        return send(object(path), method, BodyPublishers.noBody()).statusCode();
    }

    /** All that there are in the order in which they come, in pages of so many. */
    List<JsonObject> list(int page) throws IOException, InterruptedException {
        List<JsonObject> all = new ArrayList<>();
        Optional<String> next = Optional.empty();
        do {
            String cursor = next.map(each -> "&cursor=" + encoded(each)).orElse("");
            HttpRequest.Builder request = request("/v1/objects?limit=" + page + cursor);
            HttpResponse<byte[]> response = send(request, "GET", BodyPublishers.noBody());
            String body = new String(response.body(), UTF_8);
            assertThat(response.statusCode()).as(body).isEqualTo(200);
            JsonObject answer = new JsonObject(body);
            List<JsonObject> objects = answer.getJsonArray("objects").stream()
                    .map(JsonObject.class::cast)
                    .toList();
            assertThat(objects).hasSizeLessThanOrEqualTo(page);
            all.addAll(objects);
            next = Optional.ofNullable(answer.getString("next"));
        } while (next.isPresent());
        return all;
    }

    /** Their paths in the order in which they come. */
    public List<String> paths() throws IOException, InterruptedException {
        return list(1_000).stream().map(each -> each.getString("path")).toList();
    }

    private HttpRequest.Builder object(String path) {
        return request("/v1/objects/" + encoded(path).replace("%2F", "/"));
    }

    private HttpRequest.Builder request(String pathAndQuery) {
        return HttpRequest.newBuilder(door.process().resolve(pathAndQuery))
                .timeout(door.patience())
                .header("Authorization", "Bearer " + token);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request, String method, BodyPublisher body)
            throws IOException, InterruptedException {
        return door.http().send(request.method(method, body).build(), BodyHandlers.ofByteArray());
    }

    /** Every byte that could mean something. */
    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }
}
