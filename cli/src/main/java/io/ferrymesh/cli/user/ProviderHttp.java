package io.ferrymesh.cli.user;

import io.ferrymesh.cli.tls.TrustedCertificates;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** HTTP with one provider. What is not a success is a {@link RefusedException}, without any token in it. */
public final class ProviderHttp {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int MAX_PROBLEM_BYTES = 64 << 10;

    /** For requests and answers of some lines. */
    static final Duration ANSWER = Duration.ofSeconds(60);

    private final URI provider;
    private final HttpClient http;

    /** Trusts the certificates of a PEM file, or those that the system does. */
    public ProviderHttp(URI provider, Optional<Path> trusted) throws IOException {
        this.provider = provider;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT);
        if (trusted.isPresent()) {
            builder.sslContext(TrustedCertificates.context(trusted.get()));
        }
        this.http = builder.build();
    }

    URI provider() {
        return provider;
    }

    /** A request to a path of the API, with a query or not. */
    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(provider.resolve(path));
    }

    /** A body of JSON, for any method. */
    static HttpRequest.Builder json(HttpRequest.Builder request, String method, JsonObject body) {
        return request.header("Content-Type", "application/json")
                .timeout(ANSWER)
                .method(method, HttpRequest.BodyPublishers.ofString(body.encode()));
    }

    /** Sends it and gives the answer, whose body the caller reads and closes. */
    HttpResponse<InputStream> send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() < 300) {
            return response;
        }
        try (InputStream body = response.body()) {
            String text = new String(body.readNBytes(MAX_PROBLEM_BYTES), StandardCharsets.UTF_8);
            throw refused(request, response.statusCode(), text);
        }
    }

    private static RefusedException refused(HttpRequest request, int status, String text) {
        String what = request.method() + " " + request.uri();
        try {
            JsonObject problem = new JsonObject(text);
            return new RefusedException(what, status, problem.getString("code", ""), problem.getString("detail", ""));
        } catch (DecodeException | ClassCastException e) {
            return new RefusedException(what, status, "", "");
        }
    }

    /** An answer's JSON. */
    static JsonObject json(HttpResponse<InputStream> response) throws IOException {
        try (InputStream body = response.body()) {
            return new JsonObject(new String(body.readAllBytes(), StandardCharsets.UTF_8));
        } catch (DecodeException e) {
            throw new IOException(response.uri() + " did not answer with JSON", e);
        }
    }

    /** An object's path as it stands in a URL. */
    static String encodedPath(String path) {
        return Stream.of(path.split("/", -1)).map(ProviderHttp::encoded).collect(Collectors.joining("/"));
    }

    /** A value as it stands in a URL. */
    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
