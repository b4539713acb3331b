package io.ferrymesh.provider;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Talks to the API as one user, and waits. */
final class ApiClient {

    private final WebClient web;
    private final int port;

    ApiClient(Vertx vertx, int port) {
        this.web = WebClient.create(vertx);
        this.port = port;
    }

    HttpResponse<Buffer> get(String token, String path) {
        return send(request(HttpMethod.GET, token, path).send());
    }

    HttpResponse<Buffer> delete(String token, String path) {
        return send(request(HttpMethod.DELETE, token, path).send());
    }

    HttpResponse<Buffer> post(String token, String path, JsonObject body) {
        return send(request(HttpMethod.POST, token, path).sendJsonObject(body));
    }

    HttpResponse<Buffer> post(String token, String path, String mediaType, Buffer body) {
        return send(request(HttpMethod.POST, token, path)
                .putHeader("Content-Type", mediaType)
                .sendBuffer(body));
    }

    HttpRequest<Buffer> request(HttpMethod method, String token, String path) {
        HttpRequest<Buffer> request = web.request(method, port, "127.0.0.1", path);
        return token.isEmpty() ? request : request.putHeader("Authorization", "Bearer " + token);
    }

    static <T> T send(Future<T> sent) {
        try {
            return sent.await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
