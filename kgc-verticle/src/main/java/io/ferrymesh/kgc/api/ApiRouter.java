package io.ferrymesh.kgc.api;

import io.ferrymesh.web.Contract;
import io.ferrymesh.web.OnceASecond;
import io.ferrymesh.web.Problem;
import io.ferrymesh.web.Reply;
import io.ferrymesh.web.StrictJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.ValidatedRequest;
import io.vertx.openapi.validation.ValidatorException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
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
    private static final StrictJson JSON = StrictJson.ofDepth(4);

    private final Contract contract;
    private final ApiBackend backend;
    private final WorkerExecutor workers;
    private final Gate gate;
    private final OnceASecond<Void> health;
    private final BodyHandler bodies = BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);

    ApiRouter(Contract contract, ApiBackend backend, WorkerExecutor workers, LongSupplier nowMs) {
        this.contract = contract;
        this.backend = backend;
        this.workers = workers;
        this.gate = new Gate(backend.desk(), this::onWorker, nowMs);
        this.health = new OnceASecond<>(
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

    private void wellFormed(RoutingContext ctx) {
        Optional<Operation> operation = contract.operation(ctx.request());
        operation.ifPresent(known -> ctx.put(OPERATION, known));
        contract.malformed(ctx).ifPresentOrElse(problem -> refuse(ctx, problem), ctx::next);
    }

    private void count(RoutingContext ctx) {
        Operation operation = ctx.get(OPERATION);
        String named = operation == null ? "none" : operation.getOperationId();
        String status = String.valueOf(ctx.response().getStatusCode());
        backend.meters()
                .counter("ferrymesh_kgc_api_requests", "operation", named, "status", status)
                .increment();
    }

    /** The document says what is for everybody; what is not in it is nowhere. */
    private void admit(RoutingContext ctx) {
        Operation operation = ctx.get(OPERATION);
        if (operation == null || Contract.isForEverybody(operation)) {
            ctx.next();
            return;
        }
        gate.admit(ctx).onComplete(admitted -> ctx.next(), refused -> refuse(ctx, refused));
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
            refuse(ctx, Problems.ofStatus(415));
            return;
        }
        bodies.handle(ctx);
    }

    private void strictJson(RoutingContext ctx) {
        Buffer body = ctx.body().buffer();
        try {
            if (body != null) {
                JSON.check(body);
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
        return Reply.of(200, "application/json", contract.document());
    }

    private Reply metrics() {
        return Reply.of(
                200,
                "text/plain; version=0.0.4; charset=utf-8",
                Buffer.buffer(backend.meters().scrape()));
    }

    private void answer(RoutingContext ctx, Callable<Reply> action) {
        if (!Gate.admitted(ctx)) {
            refuse(ctx, Gate.noToken());
            return;
        }
        onWorker(action).onComplete(reply -> send(ctx, reply), failure -> refuse(ctx, failure));
    }

    private <T> Future<T> onWorker(Callable<T> action) {
        return workers.executeBlocking(action, false);
    }

    private void failed(RoutingContext ctx) {
        Throwable failure = ctx.failure();
        Operation operation = ctx.get(OPERATION);
        if (operation != null && failure != null && failure.getCause() instanceof ValidatorException invalid) {
            refuse(ctx, contract.invalid(ctx, operation, invalid));
        } else if (ctx.statusCode() >= 400 && ctx.statusCode() < 500) {
            refuse(ctx, Problems.ofStatus(ctx.statusCode()));
        } else {
            refuse(ctx, failure == null ? new IllegalStateException("failed with " + ctx.statusCode()) : failure);
        }
    }

    private void refuse(RoutingContext ctx, Throwable why) {
        Problem problem = Problems.of(why);
        if (problem.status() == 500) {
            LOG.error("a request to {} failed", ctx.request().path(), why);
        } else {
            LOG.info("refused {} {}: {}", ctx.request().method(), problem.status(), problem.code());
        }
        Reply reply = Reply.problem(problem);
        send(
                ctx,
                problem.status() == 405
                        ? reply.with(
                                "Allow",
                                contract.methods(String.valueOf(ctx.request().path())))
                        : reply);
    }

    private static void send(RoutingContext ctx, Reply reply) {
        reply.send(ctx.request()).onFailure(gone -> LOG.debug("the client went away before the reply did", gone));
    }
}
