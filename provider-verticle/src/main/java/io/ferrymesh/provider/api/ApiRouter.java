package io.ferrymesh.provider.api;

import io.ferrymesh.provider.api.exchange.Answers;
import io.ferrymesh.provider.api.exchange.Bearer;
import io.ferrymesh.provider.api.exchange.Calls;
import io.ferrymesh.provider.api.exchange.Counts;
import io.ferrymesh.provider.api.exchange.Pools;
import io.ferrymesh.provider.api.exchange.Turns;
import io.ferrymesh.provider.api.exchange.Views;
import io.ferrymesh.provider.api.objects.ObjectList;
import io.ferrymesh.provider.api.streams.EventStreams;
import io.ferrymesh.provider.api.streams.ReportStream;
import io.ferrymesh.provider.service.Authenticated;
import io.ferrymesh.web.Contract;
import io.ferrymesh.web.Problem;
import io.ferrymesh.web.Reply;
import io.ferrymesh.web.StrictJson;
import io.ferrymesh.web.TrustedProxies;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.ValidatedRequest;
import io.vertx.openapi.validation.ValidatorException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes every request but those for an object through its stations: well formed, a session's, of the right type and size, valid
 * by the document, answered by a worker. Every refusal is a {@link Problem}. Event loop only.
 */
final class ApiRouter {

    /** Largest JSON body, in bytes. */
    static final int MAX_BODY_BYTES = 64 << 10;

    private static final String OPERATION = "ferrymesh.operation";
    private static final String CALLER = "ferrymesh.caller";
    /** What hashes. */
    private static final Set<String> WITH_PASSWORDS =
            Set.of("login", "changePassword", "deleteAccount", "beginPasskey");

    private static final Set<String> NEW_ACCOUNTS = Set.of("register", "registerWithPasskey");

    private static final StrictJson JSON = StrictJson.ofDepth(8); // what browsers say of passkeys is nested

    private final Contract contract;
    private final ApiServices services;
    private final Pools pools;
    private final Turns turns;
    private final EventStreams events;
    private final Supplier<ApiHealth> health;
    private final Counts counts;
    private final TrustedProxies proxies;
    private final Parameters parameters;
    private final BodyHandler bodies = BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);

    ApiRouter(
            Contract contract,
            ApiServices services,
            Pools pools,
            Turns turns,
            EventStreams events,
            Supplier<ApiHealth> health,
            Counts counts,
            TrustedProxies proxies) {
        this.contract = contract;
        this.services = services;
        this.pools = pools;
        this.turns = turns;
        this.events = events;
        this.health = health;
        this.counts = counts;
        this.proxies = proxies;
        this.parameters = new Parameters(contract.api().getSchemaRepository());
    }

    Router router(Vertx vertx) {
        RouterBuilder builder = RouterBuilder.create(vertx, contract.api(), RequestExtractor.withBodyHandler());
        builder.rootHandler(this::wellFormed);
        builder.rootHandler(this::admit);
        builder.rootHandler(this::readBody);
        builder.rootHandler(this::strictJson);
        route(builder, "health", ctx -> send(ctx, health()));
        route(builder, "openapi", ctx -> send(ctx, Reply.of(200, "application/json", contract.document())));
        route(builder, "listObjects", ctx -> {
            Call call = call(ctx);
            answer(ctx, pools.shares().of(call.account()), () -> listObjects(call));
        });
        route(builder, "watchMigration", ctx -> {
            Call call = call(ctx);
            events.answer(ctx, call.who(), call.migrationId(), call.number("Last-Event-ID", 0));
        });
        route(builder, "watchEvents", ctx -> {
            Call call = call(ctx);
            events.answer(ctx, call.who(), call.number("Last-Event-ID", 0));
        });
        route(builder, "reportMigration", ctx -> {
            Call call = call(ctx);
            if (ctx.response().closed()) {
                return; // nobody is told when it ends
            }
            turns.begin(call.account());
            ctx.addEndHandler(ended -> turns.end(call.account()));
            ReportStream.answer(
                    ctx.request(),
                    pools.shares().of(call.account()),
                    services.migrations(),
                    call.account(),
                    call.migrationId(),
                    call.number("after", 0));
        });
        handlers().forEach((operation, handler) -> {
            route(builder, operation, ctx -> {
                Call call = call(ctx);
                answer(ctx, calls(operation, call), () -> handler.apply(call));
            });
        });
        return finished(builder);
    }

    /** Whoever is logged in does not wait behind strangers, nor behind other accounts. */
    private Calls calls(String operation, Call call) {
        if (WITH_PASSWORDS.contains(operation)) {
            return pools.passwords();
        }
        if (NEW_ACCOUNTS.contains(operation)) {
            return pools.registrations();
        }
        return call.caller() == null ? pools.strangers() : pools.shares().of(call.account());
    }

    private Map<String, Function<Call, Reply>> handlers() {
        Map<String, Function<Call, Reply>> all = new HashMap<>();
        all.putAll(new AccountHandlers(services.accounts(), services.stores()).byOperation());
        all.putAll(new PasskeyHandlers(services.accounts()).byOperation());
        all.put(
                "showKeyCentre",
                call -> Reply.json(200, Views.keyCentre(services.keyCentre().get())));
        all.put(
                "listEvents",
                call -> Lists.reply(
                        "events",
                        services.events().events(call.account(), call.number("after", 0), call.limit()),
                        Views::of));
        all.putAll(new WebhookHandlers(services.webhooks()).byOperation());
        all.putAll(new MoveHandlers(services.grants(), services.migrations()).byOperation());
        return all;
    }

    private void route(RouterBuilder builder, String operation, Consumer<RoutingContext> handler) {
        boolean hasBody = contract.api().operation(operation).getRequestBody() != null;
        OpenAPIRoute route = builder.getRoute(operation).setDoValidation(hasBody);
        route.addHandler(ctx -> {
            try {
                handler.accept(ctx);
            } catch (RuntimeException wrong) {
                refuse(ctx, wrong);
            }
        });
    }

    private Router finished(RouterBuilder builder) {
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
        String named = operation.map(Operation::getOperationId).orElse("none");
        ctx.addEndHandler(ended -> counts.answered(named, ctx.response().getStatusCode()));
        contract.malformed(ctx).ifPresentOrElse(problem -> refuse(ctx, problem), ctx::next);
    }

    /** The document says what is for everybody; what is not in it is nowhere. */
    private void admit(RoutingContext ctx) {
        Operation operation = ctx.get(OPERATION);
        if (operation == null || Contract.isForEverybody(operation)) {
            ctx.next();
            return;
        }
        Bearer bearer;
        try {
            bearer = Bearer.of(ctx.request());
        } catch (Problem none) {
            refuse(ctx, none);
            return;
        }
        ctx.request().pause();
        pools.workers()
                .run(() -> bearer.authenticate(services.accounts()))
                .onComplete(
                        who -> {
                            ctx.put(CALLER, who);
                            ctx.next();
                        },
                        why -> refuse(ctx, why));
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
        } else if (!isJson(request.getHeader("Content-Type"))) {
            refuse(ctx, Problem.ofStatus(415));
        } else {
            bodies.handle(ctx);
        }
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
        Operation operation = ctx.get(OPERATION);
        Authenticated who = ctx.get(CALLER);
        if (who == null && !Contract.isForEverybody(operation)) {
            throw new IllegalStateException(operation.getOperationId() + " was routed to without a session");
        }
        ValidatedRequest valid = ctx.get(RouterBuilder.KEY_META_DATA_VALIDATED_REQUEST);
        JsonObject body = valid == null ? new JsonObject() : valid.getBody().getJsonObject();
        String from = proxies.client(ctx.request());
        return new Call(who, from, parameters.of(ctx, operation), body);
    }

    private Reply health() {
        ApiHealth now = health.get();
        return Reply.json(now.status() == ApiHealth.Status.UP ? 200 : 503, now.toJson());
    }

    private Reply listObjects(Call call) throws Exception {
        String prefix = call.optional("prefix").orElse("");
        return Reply.json(
                200, ObjectList.page(services.stores().of(call.account()), prefix, call.cursor(), call.limit()));
    }

    private void answer(RoutingContext ctx, Calls on, Callable<Reply> action) {
        on.run(action).onComplete(reply -> send(ctx, reply), failure -> refuse(ctx, failure));
    }

    private void failed(RoutingContext ctx) {
        Throwable failure = ctx.failure();
        Operation operation = ctx.get(OPERATION);
        if (operation != null && failure != null && failure.getCause() instanceof ValidatorException invalid) {
            refuse(ctx, contract.invalid(ctx, operation, invalid));
        } else if (ctx.statusCode() >= 400 && ctx.statusCode() < 500) {
            refuse(ctx, Problem.ofStatus(ctx.statusCode()));
        } else {
            refuse(ctx, failure == null ? new IllegalStateException("failed with " + ctx.statusCode()) : failure);
        }
    }

    private void refuse(RoutingContext ctx, Throwable why) {
        HttpServerRequest request = ctx.request();
        boolean notSo = why instanceof Problem problem && problem.status() == 405;
        Answers.refuse(
                request,
                notSo ? Problem.ofStatus(405).with("Allow", contract.methods(String.valueOf(request.path()))) : why);
    }

    private static void send(RoutingContext ctx, Reply reply) {
        Answers.send(ctx.request(), reply);
    }
}
