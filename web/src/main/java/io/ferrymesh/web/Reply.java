package io.ferrymesh.web;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A whole answer, small enough for memory. What every answer has besides ({@link SecurityHeaders}) the server adds.
 *
 * @param mediaType of the body; empty where there is none
 */
public record Reply(int status, Optional<String> mediaType, Buffer body, Map<String, String> headers) {

    /** Copies the headers. */
    public Reply {
        headers = Map.copyOf(headers);
    }

    /** A JSON object. */
    public static Reply json(int status, JsonObject body) {
        return of(status, "application/json", body.toBuffer());
    }

    /** Any bytes. */
    public static Reply of(int status, String mediaType, Buffer body) {
        return new Reply(status, Optional.of(mediaType), body, Map.of());
    }

    /** No body, such as 204. */
    public static Reply empty(int status) {
        return new Reply(status, Optional.empty(), Buffer.buffer(), Map.of());
    }

    /** A refusal with its headers. */
    public static Reply problem(Problem problem) {
        return new Reply(
                problem.status(),
                Optional.of(Problem.MEDIA_TYPE),
                problem.toJson().toBuffer(),
                problem.headers());
    }

    /** The same with one more header, or with another value of it. */
    public Reply with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Reply(status, mediaType, body, more);
    }

    /**
     * Writes it, unless the client has gone or an answer has begun; what is left of the request is passed over. Completes when
     * it is on its way, fails if the client goes before. Event loop only.
     */
    public Future<Void> send(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (response.headWritten() || response.ended() || response.closed()) {
            return Future.succeededFuture();
        }
        headers.forEach(response::putHeader);
        mediaType.ifPresent(type -> response.putHeader("Content-Type", type));
        Future<Void> sent = response.setStatusCode(status).end(body);
        if (!request.isEnded()) {
            request.resume();
        }
        return sent;
    }
}
