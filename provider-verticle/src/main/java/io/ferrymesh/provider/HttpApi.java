package io.ferrymesh.provider;

import io.ferrymesh.scheme.MalformedException;
import io.ferrymesh.scheme.MigrationId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP API under {@code /v1}. Every refusal is a {@link Problem}; a request without a known token gets nothing but
 * 401, before its body is read. Event loop only.
 */
final class HttpApi {

    static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);

    /** Largest body, in bytes. */
    static final int MAX_BODY_BYTES = 16 << 10;

    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final String USER = "ferrymesh.user";

    private static final Map<Integer, String> REASONS = Map.of(
            400, "the request is malformed",
            404, "there is no such resource",
            405, "this resource has no such method",
            413, "a body has at most " + MAX_BODY_BYTES + " bytes",
            415, "a body must be application/json");

    /** Acts on one user's behalf. */
    @FunctionalInterface
    private interface OnId {
        Future<Reply> answer(UserAccount user, MigrationId id);
    }

    /** Takes in what one user posted. */
    @FunctionalInterface
    private interface OnBody {
        Future<Reply> answer(UserAccount user, Buffer body);
    }

    private final Accounts accounts;
    private final GrantRoutes grants;
    private final MigrationRoutes migrations;
    private final Supplier<List<HealthReason>> health;

    HttpApi(Accounts accounts, GrantRoutes grants, MigrationRoutes migrations, Supplier<List<HealthReason>> health) {
        this.accounts = accounts;
        this.grants = grants;
        this.migrations = migrations;
        this.health = health;
    }

    Router router(Vertx vertx) {
        Router router = Router.router(vertx);
        router.route().handler(HttpApi::requireDecodablePath);
        router.get("/v1/health").handler(ctx -> Front.health(health.get()).send(ctx.response()));
        router.route("/v1/*").handler(this::authenticate);
        onBody(router, "/v1/grants", grants::create);
        onId(router, HttpMethod.GET, "/v1/grants/:id", grants::show);
        onId(router, HttpMethod.DELETE, "/v1/grants/:id", grants::withdraw);
        onId(router, HttpMethod.GET, "/v1/grants/:id/receipt", grants::receipt);
        onBody(router, "/v1/migrations", migrations::create);
        onId(router, HttpMethod.GET, "/v1/migrations/:id", migrations::show);
        onId(router, HttpMethod.DELETE, "/v1/migrations/:id", migrations::cancel);
        onId(router, HttpMethod.GET, "/v1/migrations/:id/report", migrations::report);
        onId(router, HttpMethod.GET, "/v1/migrations/:id/receipt", migrations::receipt);
        router.route().failureHandler(HttpApi::failed);
        for (int status : new int[] {400, 404, 405, 413, 415, 500}) {
            router.errorHandler(status, HttpApi::failed);
        }
        return router;
    }

    /** Routing takes what it cannot decode for a defect of its own. */
    private static void requireDecodablePath(RoutingContext ctx) {
        if (BROKEN_ESCAPE.matcher(ctx.request().path()).find()) {
            refuse(ctx, Problem.badRequest("the path has a % without two hex digits"));
            return;
        }
        ctx.next();
    }

    private void authenticate(RoutingContext ctx) {
        Optional<UserAccount> user = bearer(ctx).flatMap(accounts::byToken);
        if (user.isPresent()) {
            ctx.put(USER, user.get()).next();
            return;
        }
        ctx.response().putHeader("WWW-Authenticate", "Bearer realm=\"ferrymesh\"");
        refuse(ctx, new Problem(401, "UNAUTHORIZED", "a known token must be sent as Authorization: Bearer TOKEN"));
    }

    private static Optional<String> bearer(RoutingContext ctx) {
        String header = ctx.request().getHeader("Authorization");
        if (header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.empty();
        }
        return Optional.of(header.substring(7).strip());
    }

    private static void onBody(Router router, String path, OnBody action) {
        router.post(path)
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(ctx -> answer(ctx, () -> {
                    requireJson(ctx);
                    Buffer body = ctx.body().buffer();
                    return action.answer(user(ctx), body == null ? Buffer.buffer() : body);
                }));
    }

    private static void onId(Router router, HttpMethod method, String path, OnId action) {
        router.route(method, path).handler(ctx -> answer(ctx, () -> action.answer(user(ctx), id(ctx))));
    }

    private static void answer(RoutingContext ctx, Callable<Future<Reply>> action) {
        Future<Reply> reply;
        try {
            reply = action.call();
        } catch (Exception e) {
            reply = Future.failedFuture(e);
        }
        reply.onComplete(good -> good.send(ctx.response()), bad -> refuse(ctx, bad));
    }

    private static void requireJson(RoutingContext ctx) {
        String type = ctx.request().getHeader("Content-Type");
        String media = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!media.equals("application/json")) {
            throw new Problem(415, "UNSUPPORTED_MEDIA_TYPE", "a body must be application/json");
        }
    }

    private static MigrationId id(RoutingContext ctx) {
        try {
            return MigrationId.parse(ctx.pathParam("id"));
        } catch (MalformedException e) {
            throw Problem.badRequest("a migration id is 32 hex digits");
        }
    }

    private static UserAccount user(RoutingContext ctx) {
        return ctx.get(USER);
    }

    private static void failed(RoutingContext ctx) {
        int status = ctx.statusCode();
        String detail = REASONS.get(status);
        if (detail == null) {
            refuse(ctx, ctx.failure() == null ? new IllegalStateException("failed with " + status) : ctx.failure());
        } else {
            refuse(ctx, new Problem(status, codeOf(status), detail));
        }
    }

    private static String codeOf(int status) {
        return switch (status) {
            case 404 -> "NOT_FOUND";
            case 405 -> "METHOD_NOT_ALLOWED";
            case 413 -> "BODY_TOO_LARGE";
            case 415 -> "UNSUPPORTED_MEDIA_TYPE";
            default -> "BAD_REQUEST";
        };
    }

    private static void refuse(RoutingContext ctx, Throwable why) {
        Problem problem = Problem.of(why);
        if (problem.status() == 500) {
            LOG.error("a request to {} failed", ctx.request().path(), why);
        } else {
            LOG.info("refused {} {}: {}", ctx.request().method(), problem.status(), problem.code());
        }
        Reply.problem(problem).send(ctx.response());
    }
}
