package io.ferrymesh.web;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Path;
import io.vertx.openapi.validation.ValidatorException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An API's document: as it is served, and as requests are held against.
 *
 * @param document its bytes, JSON
 */
public record Contract(Buffer document, OpenAPIContract api) {

    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    /** Media types that vertx-openapi 5.0 refuses documents for (its issue 107), and what it is told in their place. */
    private static final Map<String, String> UNDERSTOOD_AS = Map.of(
            Problem.MEDIA_TYPE,
            "application/json",
            "application/x-ndjson",
            "text/plain",
            "text/csv",
            "text/plain",
            "text/event-stream",
            "text/plain");

    /** Reads it from beside a class and checks it against OpenAPI's own schema. */
    public static Future<Contract> load(Vertx vertx, Class<?> beside, String resource) {
        return vertx.executeBlocking(() -> read(beside, resource))
                .compose(document -> OpenAPIContract.from(vertx, understood(document.toJsonObject()))
                        .map(api -> new Contract(document, api)));
    }

    /** Which operation a request is for: empty where the document has no such path or method. */
    public Optional<Operation> operation(HttpServerRequest request) {
        return Optional.ofNullable(api.findOperation(String.valueOf(request.path()), request.method()));
    }

    /** Whether it takes a request without a token. */
    public static boolean isForEverybody(Operation operation) {
        return operation.getSecurityRequirements().isEmpty();
    }

    /** The methods that a path has, for {@code Allow}; empty for a path that there is not. */
    public String methods(String path) {
        Path known = api.findPath(path);
        return known == null
                ? ""
                : known.getOperations().stream()
                        .map(operation -> operation.getHttpMethod().name())
                        .sorted()
                        .collect(Collectors.joining(", "));
    }

    /**
     * What routing and validation would take for a defect of their own, or pass over, or each read in their own way: broken
     * escapes, paths that are not as the document writes them, and query parameters that are unknown or repeated.
     */
    public Optional<Problem> malformed(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        String path = String.valueOf(request.path());
        if (BROKEN_ESCAPE.matcher(request.uri()).find()) {
            return Optional.of(Problem.badRequest("the URL has a % without two hex digits"));
        }
        if (!path.startsWith("/") || path.endsWith("/") || !path.equals(ctx.normalizedPath())) {
            return Optional.of(Problem.ofStatus(404));
        }
        return operation(request)
                .flatMap(operation -> queryComplaint(request, operation))
                .map(Problem::badRequest);
    }

    /** What is wrong with a request that the validator refused with {@code why}: the field, its value, what would be right. */
    public Problem invalid(RoutingContext ctx, Operation operation, ValidatorException why) {
        Complaints complaints = new Complaints(api.getSchemaRepository());
        return Problem.badRequest(complaints.about(ctx, operation, String.valueOf(why.getMessage())));
    }

    private static Optional<String> queryComplaint(HttpServerRequest request, Operation operation) {
        for (String name : request.params().names()) {
            if (operation.getParameters().stream()
                    .noneMatch(known -> known.getName().equals(name))) {
                return Optional.of("unknown query parameter " + Json.encode(name));
            }
            if (request.params().getAll(name).size() > 1) {
                return Optional.of("query parameter " + name + " must be given once");
            }
        }
        return Optional.empty();
    }

    private static Buffer read(Class<?> beside, String resource) {
        try (InputStream in = beside.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks " + resource);
            }
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonObject understood(JsonObject document) {
        JsonObject copy = new JsonObject();
        document.forEach(field ->
                copy.put(UNDERSTOOD_AS.getOrDefault(field.getKey(), field.getKey()), understood(field.getValue())));
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
