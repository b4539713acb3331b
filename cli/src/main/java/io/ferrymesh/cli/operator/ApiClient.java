package io.ferrymesh.cli.operator;

import io.ferrymesh.cli.tls.TrustedCertificates;
import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.kgc.operator.OperationException.Code;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** Sends requests with an operator's token. Every failure is an {@link OperationException}. */
final class ApiClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** A backup takes its time. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(10);

    private final URI api;
    private final String token;
    private final HttpClient http;

    ApiClient(URI api, String token, Optional<Path> trusted) throws IOException {
        this.api = api;
        this.token = token;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT);
        if (trusted.isPresent()) {
            builder.sslContext(TrustedCertificates.context(trusted.get()));
        }
        this.http = builder.build();
    }

    JsonObject get(String path) {
        return send("GET", path, HttpRequest.BodyPublishers.noBody());
    }

    JsonObject send(String method, String path, JsonObject body) {
        return send(method, path, HttpRequest.BodyPublishers.ofString(body.encode()));
    }

    private JsonObject send(String method, String path, HttpRequest.BodyPublisher body) {
        HttpRequest request = HttpRequest.newBuilder(api.resolve(path))
                .timeout(ANSWER_TIMEOUT)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, body)
                .build();
        try {
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            Optional<JsonObject> answer = json(response.body());
            if (response.statusCode() >= 300 || answer.isEmpty()) {
                throw refused(response.statusCode(), answer);
            }
            return answer.get();
        } catch (IOException e) {
            throw unavailable(api + " does not answer: " + describe(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("interrupted while " + api + " was asked");
        }
    }

    static OperationException unavailable(String what) {
        return new OperationException(Code.UNAVAILABLE, what);
    }

    private OperationException refused(int status, Optional<JsonObject> problem) {
        String otherwise = api + " answered with status " + status;
        try {
            String code = problem.map(json -> json.getString("code")).orElse("");
            return new OperationException(
                    codeOf(status, code),
                    problem.map(json -> json.getString("detail")).orElse(otherwise));
        } catch (ClassCastException e) {
            return unavailable(otherwise);
        }
    }

    private static Code codeOf(int status, String code) {
        return Arrays.stream(Code.values())
                .filter(known -> known.name().equals(code))
                .findFirst()
                .orElse(status >= 400 && status < 500 ? Code.INVALID : Code.UNAVAILABLE);
    }

    private static Optional<JsonObject> json(byte[] body) {
        try {
            return Optional.of(new JsonObject(new String(body, StandardCharsets.UTF_8)));
        } catch (DecodeException | ClassCastException e) {
            return Optional.empty();
        }
    }

    private static String describe(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
