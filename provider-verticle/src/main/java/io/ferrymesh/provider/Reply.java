package io.ferrymesh.provider;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/** What goes back to a client. An empty body has no media type. */
record Reply(int status, String mediaType, Buffer body) {

    static Reply json(int status, JsonObject body) {
        return new Reply(status, "application/json", body.toBuffer());
    }

    static Reply lines(Buffer ndjson) {
        return new Reply(200, "application/x-ndjson", ndjson);
    }

    static Reply bytes(byte[] body) {
        return new Reply(200, "application/octet-stream", Buffer.buffer(body));
    }

    static Reply nothing() {
        return new Reply(204, "", Buffer.buffer());
    }

    static Reply problem(Problem problem) {
        return new Reply(problem.status(), Problem.MEDIA_TYPE, problem.toJson().toBuffer());
    }

    /** Writes it, unless the client has gone. */
    void send(HttpServerResponse response) {
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status).putHeader("Cache-Control", "no-store");
        if (!mediaType.isEmpty()) {
            response.putHeader("Content-Type", mediaType).putHeader("X-Content-Type-Options", "nosniff");
        }
        response.end(body).onFailure(gone -> HttpApi.LOG.debug("the client went away before the reply did", gone));
    }
}
