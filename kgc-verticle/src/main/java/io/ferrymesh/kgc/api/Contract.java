package io.ferrymesh.kgc.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The API's document: as it is served, and as requests are validated against.
 *
 * @param document the bytes of {@code /openapi.json}
 */
record Contract(Buffer document, OpenAPIContract api) {

    private static final String RESOURCE = "openapi.json";

    /** Reads it from the class path and checks it against OpenAPI's own schema. */
    static Future<Contract> load(Vertx vertx) {
        return vertx.executeBlocking(Contract::read)
                .compose(document -> OpenAPIContract.from(vertx, understood(document.toJsonObject()))
                        .map(api -> new Contract(document, api)));
    }

    private static Buffer read() {
        try (InputStream in = Contract.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks " + RESOURCE);
            }
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** vertx-openapi 5.0 refuses documents with application/problem+json (its issue 107), so it is told application/json. */
    private static JsonObject understood(JsonObject document) {
        JsonObject copy = new JsonObject();
        document.forEach(field -> copy.put(
                field.getKey().equals(Problem.MEDIA_TYPE) ? "application/json" : field.getKey(),
                understood(field.getValue())));
        return copy;
    }

    private static Object understood(Object value) {
        if (value instanceof JsonObject object) {
            return understood(object);
        }
        if (value instanceof JsonArray array) {
            JsonArray copy = new JsonArray();
            array.forEach(element -> copy.add(understood(element)));
            return copy;
        }
        return value;
    }
}
