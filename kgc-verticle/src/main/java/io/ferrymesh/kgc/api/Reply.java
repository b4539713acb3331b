package io.ferrymesh.kgc.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** What goes back to a client, with the headers that every answer has. */
record Reply(int status, String mediaType, Buffer body, Map<String, String> headers) {

    private static final Map<String, String> ALWAYS = Map.of(
            "Cache-Control", "no-store",
            "X-Content-Type-Options", "nosniff",
            "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
            "Referrer-Policy", "no-referrer");

    static Reply json(int status, JsonObject body) {
        return new Reply(status, "application/json", body.toBuffer(), Map.of());
    }

    static Reply problem(Problem problem) {
        Map<String, String> headers =
                switch (problem.status()) {
                    case 401 -> Map.of("WWW-Authenticate", "Bearer");
                    case 429 -> Map.of("Retry-After", "1");
                    default -> Map.of();
                };
        return new Reply(problem.status(), Problem.MEDIA_TYPE, problem.toJson().toBuffer(), headers);
    }

    Reply with(String header, String value) {
        Map<String, String> more = new java.util.HashMap<>(headers);
        more.put(header, value);
        return new Reply(status, mediaType, body, Map.copyOf(more));
    }

    /** Writes it, unless the client has gone; completes when it is on its way. */
    Future<Void> send(HttpServerResponse response) {
        if (response.ended() || response.closed()) {
            return Future.succeededFuture();
        }
        ALWAYS.forEach(response::putHeader);
        headers.forEach(response::putHeader);
        return response.setStatusCode(status)
                .putHeader("Content-Type", mediaType)
                .end(body);
    }
}
