package io.ferrymesh.web;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP/1.1 server with bounds: connections in all and of each address, the size of what is not a body, and the time in
 * which clients must send and take. It closes what goes beyond them, gives every answer its security headers, and takes up new
 * certificates. Bodies stream through it; their size is for each path to limit. One event loop: that which starts it, or one of
 * its own; requests are handled there, and their handlers must not block it.
 */
public final class WebServer {

    static final Logger LOG = LoggerFactory.getLogger(WebServer.class);

    /** Of a body at once, at most: as much as is read from a socket at once. In smaller parts, large bodies cost far more. */
    private static final int PART_BYTES = 64 << 10;

    private static final long SWEEP_MS = 500;
    /** How often the PEM files are looked at. */
    static final long RELOAD_MS = 5_000;

    private final Vertx vertx;
    private final Context context;
    private final WebServerOptions options;
    private final Handler<HttpServerRequest> handler;
    private final LongSupplier nowMs;
    private final long reloadMs;
    private final Seldom tooMany;
    private final Seldom tooSlow;
    private final Seldom notHttp;
    private final Connections connections;
    private final Map<String, String> headers;
    private final List<Long> timers = new ArrayList<>();
    private @Nullable HttpServer server;
    private volatile @Nullable TlsFiles shown;
    private @Nullable String tlsComplaint;

    private WebServer(
            Vertx vertx,
            WebServerOptions options,
            Handler<HttpServerRequest> handler,
            LongSupplier nowMs,
            long reloadMs) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.options = options;
        this.handler = handler;
        this.nowMs = nowMs;
        this.reloadMs = reloadMs;
        this.tooMany = new Seldom(nowMs);
        this.tooSlow = new Seldom(nowMs);
        this.notHttp = new Seldom(nowMs);
        this.connections = new Connections(options.limits());
        this.headers = SecurityHeaders.of(options.tls().isPresent());
    }

    /** Listens once it completes; fails if it cannot, or the certificate is no good. */
    public static Future<WebServer> start(Vertx vertx, WebServerOptions options, Handler<HttpServerRequest> handler) {
        return start(vertx, options, handler, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    }

    /** With a clock whose differences count. */
    public static Future<WebServer> start(
            Vertx vertx, WebServerOptions options, Handler<HttpServerRequest> handler, LongSupplier nowMs) {
        return start(vertx, options, handler, nowMs, RELOAD_MS);
    }

    /** The same, looking at the PEM files as often as a test wants. */
    static Future<WebServer> start(
            Vertx vertx,
            WebServerOptions options,
            Handler<HttpServerRequest> handler,
            LongSupplier nowMs,
            long reloadMs) {
        WebServer server = new WebServer(vertx, options, handler, nowMs, reloadMs);
        Promise<WebServer> started = Promise.promise();
        server.context.runOnContext(go -> server.loadTls()
                .compose(server::listen)
                .map(listening -> server)
                .onComplete(started));
        return started.future();
    }

    /** Where it is. */
    public URI uri() {
        String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
        return URI.create((options.tls().isPresent() ? "https://" : "http://") + host + ":"
                + listening().actualPort());
    }

    /**
     * Takes no more connections or requests, closes idle ones, lets running requests end for so long, and closes what is left.
     * Completes when none is waited for any more.
     */
    public Future<Void> stop(Duration grace) {
        Promise<Void> stopped = Promise.promise();
        listening()
                .shutdown(grace.toMillis(), TimeUnit.MILLISECONDS)
                .onComplete(shut -> context.runOnContext(go -> {
                    timers.forEach(timer -> {
                        boolean unused = vertx.cancelTimer(timer);
                    });
                    connections.all().forEach(WebServer::cut);
                    stopped.handle(shut);
                }));
        return stopped.future();
    }

    /** Connections there are. Event loop only. */
    public int connections() {
        return connections.size();
    }

    /** Requests that have no whole answer yet. Event loop only. */
    public long requests() {
        return connections.requests();
    }

    /** When the certificate that new connections get runs out, or the first of its chain; empty without TLS. Any thread. */
    public Optional<Instant> certificateExpires() {
        return Optional.ofNullable(shown).map(TlsFiles::notAfter);
    }

    /** New connections get what the files hold now; as long as that is no good, what they held before. Never fails. */
    public Future<Void> reloadTls() {
        return loadTls()
                .compose(loaded -> loaded.map(this::update).orElse(Future.succeededFuture()))
                .onSuccess(good -> tlsComplaint = null)
                .otherwise(bad -> {
                    String complaint = String.valueOf(bad.getMessage());
                    if (!complaint.equals(tlsComplaint)) {
                        tlsComplaint = complaint;
                        LOG.warn("{} goes on with its old TLS certificate", options.name(), bad);
                    }
                    return null;
                });
    }

    private HttpServer listening() {
        HttpServer listening = server;
        if (listening == null) {
            throw new IllegalStateException(options.name() + " does not listen");
        }
        return listening;
    }

    private Future<HttpServer> listen(Optional<TlsFiles> tls) {
        HttpServerOptions http = new HttpServerOptions()
                .setHost(options.host())
                .setPort(options.port())
                .setMaxInitialLineLength(options.limits().maxRequestLineBytes())
                .setMaxHeaderSize(options.limits().maxHeaderBytes())
                .setMaxChunkSize(PART_BYTES)
                .setSslHandshakeTimeout(options.limits().headerTimeout().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setHttp2ClearTextEnabled(false)
                .setUseAlpn(false);
        if (tls.isPresent()) {
            shown = tls.get();
            http.setSsl(true).setKeyCertOptions(tls.get().options());
        }
        return vertx.createHttpServer(http)
                .connectionHandler(this::connected)
                .invalidRequestHandler(this::invalid)
                .requestHandler(this::requested)
                .listen()
                .onSuccess(listening -> {
                    server = listening;
                    timers.add(vertx.setPeriodic(SWEEP_MS, timer -> sweep()));
                    if (options.tls().isPresent()) {
                        timers.add(vertx.setPeriodic(reloadMs, timer -> {
                            Future<Void> unused = reloadTls(); // says itself what is wrong
                        }));
                    }
                    LOG.info("{} is at {}", options.name(), uri());
                });
    }

    private void connected(HttpConnection connection) {
        String address = ClientAddress.of(connection.remoteAddress());
        boolean isProxy = options.proxies().isTrusted(connection.remoteAddress());
        if (!connections.opened(connection, address, isProxy, nowMs.getAsLong())) {
            tooMany.happened()
                    .ifPresent(more -> LOG.warn(
                            "too many connections to {}, of all or of {}; one was closed, and {} before it",
                            options.name(),
                            address,
                            more));
            cut(connection);
            return;
        }
        connection.closeHandler(closed -> connections.closed(connection));
    }

    private void requested(HttpServerRequest request) {
        Exchange exchange = new Exchange(request);
        connections.began(request.connection(), exchange, nowMs.getAsLong());
        headers.forEach(request.response()::putHeader);
        if (!options.cors().answer(exchange)) {
            handler.handle(exchange);
        }
    }

    private void sweep() {
        connections.overdue(nowMs.getAsLong()).forEach(connection -> {
            tooSlow.happened()
                    .ifPresent(more -> LOG.info(
                            "closed a connection of {} to {} that took too long, and {} before it",
                            connection.remoteAddress(),
                            options.name(),
                            more));
            cut(connection);
        });
    }

    /** At once: closing as Vert.x does it waits until the client has taken everything, which those who are cut off do not. */
    private static void cut(HttpConnection connection) {
        if (connection instanceof ConnectionBase inside) {
            var unused = inside.channelHandlerContext().close();
        } else {
            connection.close().onFailure(e -> LOG.debug("closing a connection failed", e));
        }
    }

    private Future<Optional<TlsFiles>> loadTls() {
        return options.tls()
                .map(files -> vertx.executeBlocking(() -> Optional.of(TlsFiles.load(vertx, files))))
                .orElse(Future.succeededFuture(Optional.empty()));
    }

    private Future<Void> update(TlsFiles tls) {
        TlsFiles known = shown;
        if (known != null && known.content().equals(tls.content())) {
            return Future.succeededFuture();
        }
        ServerSSLOptions renewed = new ServerSSLOptions().setKeyCertOptions(tls.options());
        return listening()
                .updateSSLOptions(renewed)
                .onSuccess(updated -> {
                    shown = tls;
                    LOG.info("{} has a new TLS certificate", options.name());
                })
                .mapEmpty();
    }

    /** What HTTP itself cannot take: the decoder says why, and nothing else of the request can be trusted. */
    private void invalid(HttpServerRequest request) {
        String why = String.valueOf(request.decoderResult().cause().getMessage());
        Problem problem = problem(why);
        notHttp.happened()
                .ifPresent(
                        more -> LOG.info("refused {}: {}, and {} before it", problem.status(), problem.code(), more));
        headers.forEach(request.response()::putHeader);
        Reply.problem(problem.with("Connection", "close"))
                .send(request)
                .onFailure(gone -> LOG.debug("the client went away before the reply did", gone));
    }

    private Problem problem(String why) {
        WebLimits limits = options.limits();
        if (why.startsWith("An HTTP line is larger")) {
            String detail = "a request line has at most " + limits.maxRequestLineBytes() + " bytes";
            return new Problem(414, "URI_TOO_LONG", detail);
        }
        if (why.startsWith("HTTP header is larger")) {
            String detail = "headers have at most " + limits.maxHeaderBytes() + " bytes";
            return new Problem(431, "HEADERS_TOO_LARGE", detail);
        }
        return Problem.badRequest("this is not HTTP/1.1");
    }
}
