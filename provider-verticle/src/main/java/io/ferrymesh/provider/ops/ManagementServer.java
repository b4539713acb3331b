package io.ferrymesh.provider.ops;

import io.ferrymesh.web.Cors;
import io.ferrymesh.web.Problem;
import io.ferrymesh.web.Reply;
import io.ferrymesh.web.WebLimits;
import io.ferrymesh.web.WebServer;
import io.ferrymesh.web.WebServerOptions;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Liveness, readiness and metrics on a port of their own, for whoever watches the provider: without TLS or tokens, so on
 * loopback unless the operator says otherwise. Nothing there is secret, and nothing names a user.
 */
public final class ManagementServer {

    private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);
    private static final int MAX_CONNECTIONS = 32;

    private final WebServer server;

    private ManagementServer(WebServer server) {
        this.server = server;
    }

    /**
     * Listens once it completes.
     *
     * @param port 0 for any that is free
     * @param before what is looked up before metrics are read; on a worker
     */
    public static Future<ManagementServer> start(
            Vertx vertx, String host, int port, Health health, PrometheusMeterRegistry meters, Runnable before) {
        WebLimits limits = WebLimits.DEFAULT.withConnections(MAX_CONNECTIONS, MAX_CONNECTIONS);
        WebServerOptions options = new WebServerOptions(
                "the provider's management", host, port, Optional.empty(), limits, Cors.OFF, false);
        return WebServer.start(vertx, options, router(vertx, health, meters, before))
                .map(ManagementServer::new);
    }

    /** Where it is. */
    public URI uri() {
        return server.uri();
    }

    /** The last to go: who watches is told to the end. */
    public Future<Void> stop() {
        return server.stop(Duration.ofSeconds(1));
    }

    private static Router router(Vertx vertx, Health health, PrometheusMeterRegistry meters, Runnable before) {
        Router router = Router.router(vertx);
        router.get("/livez").handler(ctx -> send(ctx, health.live()));
        router.get("/readyz").handler(ctx -> answer(ctx, health.ready()));
        router.get("/metrics").handler(ctx -> answer(ctx, metrics(vertx, health, meters, before)));
        router.route().failureHandler(ManagementServer::failed);
        for (int status : new int[] {400, 404, 405, 500}) {
            router.errorHandler(status, ManagementServer::failed);
        }
        return router;
    }

    /** Readiness is a metric as well, so it is asked. */
    private static Future<Reply> metrics(Vertx vertx, Health health, PrometheusMeterRegistry meters, Runnable before) {
        return health.ready()
                .compose(known -> vertx.executeBlocking(
                        () -> {
                            before.run();
                            return text(meters);
                        },
                        false));
    }

    private static Reply text(PrometheusMeterRegistry meters) {
        return Reply.of(200, "text/plain; version=0.0.4; charset=utf-8", Buffer.buffer(meters.scrape()));
    }

    private static void answer(RoutingContext ctx, Future<Reply> reply) {
        reply.onComplete(good -> send(ctx, good), bad -> ctx.fail(500, bad));
    }

    private static void failed(RoutingContext ctx) {
        boolean refused = ctx.statusCode() >= 400 && ctx.statusCode() < 500;
        if (!refused) {
            LOG.error("a request to the provider's management failed", ctx.failure());
        }
        send(ctx, Reply.problem(refused ? Problem.ofStatus(ctx.statusCode()) : Problem.internal()));
    }

    private static void send(RoutingContext ctx, Reply reply) {
        reply.send(ctx.request()).onFailure(gone -> LOG.debug("the client went away before the reply did", gone));
    }
}
