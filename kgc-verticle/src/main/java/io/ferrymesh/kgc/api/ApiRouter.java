package io.ferrymesh.kgc.api;

import io.ferrymesh.kgc.api.Connections.Phase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Path;
import io.vertx.openapi.validation.ValidatedRequest;
import io.vertx.openapi.validation.ValidatorException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a request through its stations: well formed, an operator's, of the right type and size, valid by the document,
 * answered by a worker. Every refusal is a {@link Problem}. Event loop only.
 */
final class ApiRouter {

    static final Logger LOG = LoggerFactory.getLogger(ApiRouter.class);

    /** Largest body, in bytes. */
    static final int MAX_BODY_BYTES = 64 << 10;

    private static final String OPERATION = "ferrymesh.operation";
    private static final int HEALTH_TIMEOUT_SECONDS = 5;
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private final Contract contract;
    private final ApiBackend backend;
    private final WorkerExecutor workers;
    private final Connections<HttpConnection> connections;
    private final LongSupplier nowMs;
    private final Complaints complaints;
    private final Gate gate;
    private final HealthCheck health;
    private final BodyHandler bodies = BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);

    ApiRouter(
            Contract contract,
            ApiBackend backend,
            WorkerExecutor workers,
            Connections<HttpConnection> connections,
            LongSupplier nowMs) {
        this.contract = contract;
        this.backend = backend;
        this.workers = workers;
        this.connections = connections;
        this.nowMs = nowMs;
        this.complaints = new Complaints(contract.api().getSchemaRepository());
        this.gate = new Gate(backend.desk(), this::onWorker, nowMs);
        this.health = new HealthCheck(
                () -> onWorker(() -> {
                            backend.health().run();
                            return true;
                        })
                        .mapEmpty(),
                nowMs);
    }

    Router router(Vertx vertx) {
        RouterBuilder builder = RouterBuilder.create(vertx, contract.api(), RequestExtractor.withBodyHandler());
        builder.rootHandler(ctx -> {
            ctx.addEndHandler(ended -> count(ctx));
            wellFormed(ctx);
        });
        builder.rootHandler(this::admit);
        builder.rootHandler(this::readBody);
        builder.rootHandler(this::strictJson);
        builder.getRoute("health").addHandler(this::health);
        builder.getRoute("openapi").addHandler(ctx -> send(ctx, document()));
        builder.getRoute("metrics").addHandler(ctx -> answer(ctx, this::metrics));
        Handlers.BY_OPERATION.forEach((operation, handler) ->
                builder.getRoute(operation).addHandler(ctx -> answer(ctx, () -> handler.apply(call(ctx)))));
        builder.getRoutes().forEach(route -> route.setDoSecurity(false)); // admit() did
        Router router = builder.createRouter();
        router.route().failureHandler(this::failed);
        for (int status : new int[] {400, 404, 405, 413, 417, 500}) {
            router.errorHandler(status, this::failed);
        }
        return router;
    }

    /** What routing and validation would take for defects of their own, or pass over, or each read in their own way. */
    private void wellFormed(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        connections.enter(request.connection(), Phase.RECEIVING, nowMs.getAsLong());
        String path = String.valueOf(request.path());
        if (BROKEN_ESCAPE.matcher(request.uri()).find()) {
            refuse(ctx, Problem.badRequest("the URL has a % without two hex digits"));
            return;
        }
        if (!path.startsWith("/") || path.endsWith("/") || !path.equals(ctx.normalizedPath())) {
            refuse(ctx, Problem.ofStatus(404));
            return;
        }
        Operation operation = contract.api().findOperation(path, request.method());
        if (operation == null) {
            ctx.next();
            return;
        }
        ctx.put(OPERATION, operation);
        Optional<String> wrong = queryComplaint(request, operation);
        if (wrong.isPresent()) {
            refuse(ctx, Problem.badRequest(wrong.get()));
            return;
        }
        ctx.next();
    }

    private void count(RoutingContext ctx) {
        Operation operation = ctx.get(OPERATION);
        String named = operation == null ? "none" : operation.getOperationId();
        String status = String.valueOf(ctx.response().getStatusCode());
        backend.meters()
                .counter("ferrymesh_kgc_api_requests", "operation", named, "status", status)
                .increment();
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

    /** The document says what is for everybody; what is not in it is nowhere. */
    private void admit(RoutingContext ctx) {
        Operation operation = ctx.get(OPERATION);
        if (operation == null || operation.getSecurityRequirements().isEmpty()) {
            ctx.next();
            return;
        }
        HttpConnection connection = ctx.request().connection();
        connections.enter(connection, Phase.WORKING, nowMs.getAsLong());
        gate.admit(ctx)
                .onComplete(
                        admitted -> {
                            connections.enter(connection, Phase.RECEIVING, nowMs.getAsLong());
                            ctx.next();
                        },
                        refused -> refuse(ctx, refused));
    }

    /** Only of operations that have one; the rest of another request is passed over. */
    private void readBody(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        Operation operation = ctx.get(OPERATION);
        boolean sent = request.headers().contains("Content-Length")
                || request.headers().contains("Transfer-Encoding");
        if (operation == null || operation.getRequestBody() == null || !sent) {
            request.resume();
            ctx.next();
            return;
        }
        if (!isJson(request.getHeader("Content-Type"))) {
            refuse(ctx, Problem.ofStatus(415));
            return;
        }
        bodies.handle(ctx);
    }

    private void strictJson(RoutingContext ctx) {
        Buffer body = ctx.body().buffer();
        try {
            if (body != null) {
                StrictJson.check(body);
            }
        } catch (Problem wrong) {
            refuse(ctx, wrong);
            return;
        }
        ctx.next();
    }

    private static boolean isJson(@Nullable String contentType) {
        String type =
                contentType == null ? "" : contentType.replaceAll("\\s", "").toLowerCase(Locale.ROOT);
        return type.equals("application/json") || type.equals("application/json;charset=utf-8");
    }

    private Call call(RoutingContext ctx) {
        ValidatedRequest request = ctx.get(RouterBuilder.KEY_META_DATA_VALIDATED_REQUEST);
        return new Call(backend.desk().operations(Gate.operator(ctx)), request);
    }

    private void health(RoutingContext ctx) {
        health.ask()
                .timeout(HEALTH_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .onComplete(
                        up -> send(ctx, Reply.json(200, new JsonObject().put("status", "UP"))),
                        down -> refuse(
                                ctx,
                                new Problem(
                                        503,
                                        "UNAVAILABLE",
                                        "the database does not answer, or nothing has been signed for too long; the log says which")));
    }

    private Reply document() {
        return new Reply(200, "application/json", contract.document(), Map.of());
    }

    private Reply metrics() {
        return new Reply(
                200,
                "text/plain; version=0.0.4; charset=utf-8",
                Buffer.buffer(backend.meters().scrape()),
                Map.of());
    }

    private void answer(RoutingContext ctx, Callable<Reply> action) {
        if (!Gate.admitted(ctx)) {
            refuse(ctx, Gate.noToken());
            return;
        }
        connections.enter(ctx.request().connection(), Phase.WORKING, nowMs.getAsLong());
        onWorker(action).onComplete(reply -> send(ctx, reply), failure -> refuse(ctx, failure));
    }

    private <T> Future<T> onWorker(Callable<T> action) {
        return workers.executeBlocking(action, false);
    }

    private void failed(RoutingContext ctx) {
        Throwable failure = ctx.failure();
        Operation operation = ctx.get(OPERATION);
        if (operation != null && failure != null && failure.getCause() instanceof ValidatorException invalid) {
            refuse(ctx, Problem.badRequest(complaints.about(ctx, operation, String.valueOf(invalid.getMessage()))));
        } else if (ctx.statusCode() >= 400 && ctx.statusCode() < 500) {
            refuse(ctx, Problem.ofStatus(ctx.statusCode()));
        } else {
            refuse(ctx, failure == null ? new IllegalStateException("failed with " + ctx.statusCode()) : failure);
        }
    }

    private void refuse(RoutingContext ctx, Throwable why) {
        if (why instanceof Gate.TooManyBadTokens waits) {
            send(ctx, waits.reply());
            return;
        }
        Problem problem = Problem.of(why);
        if (problem.status() == 500) {
            LOG.error("a request to {} failed", ctx.request().path(), why);
        } else {
            LOG.info("refused {} {}: {}", ctx.request().method(), problem.status(), problem.code());
        }
        Reply reply = Reply.problem(problem);
        send(
                ctx,
                problem.status() == 405
                        ? reply.with("Allow", methods(ctx.request().path()))
                        : reply);
    }

    private String methods(String path) {
        Path known = contract.api().findPath(path);
        return known == null
                ? ""
                : known.getOperations().stream()
                        .map(operation -> operation.getHttpMethod().name())
                        .sorted()
                        .collect(Collectors.joining(", "));
    }

    /** Answers, and passes over what is left of the request: for a while. */
    private void send(RoutingContext ctx, Reply reply) {
        HttpServerRequest request = ctx.request();
        HttpConnection connection = request.connection();
        connections.enter(connection, Phase.SENDING, nowMs.getAsLong());
        reply.send(ctx.response())
                .onComplete(
                        sent -> {
                            boolean whole = request.isEnded();
                            connections.enter(
                                    connection, whole ? Phase.RECEIVING : Phase.DISCARDING, nowMs.getAsLong());
                        },
                        gone -> LOG.debug("the client went away before the reply did", gone));
        if (!request.isEnded()) {
            request.resume();
        }
    }
}
