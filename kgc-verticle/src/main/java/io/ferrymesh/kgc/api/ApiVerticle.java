package io.ferrymesh.kgc.api;

import io.ferrymesh.scheme.Digest;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.ServerSSLOptions;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The operators' API: the HTTP server with its bounds. One event loop; operations on workers of its own. */
public final class ApiVerticle extends VerticleBase {

    /** Most connections at once; one more is closed. */
    static final int MAX_CONNECTIONS = 64;

    /** Longest request line, in bytes. */
    static final int MAX_REQUEST_LINE_BYTES = 2 << 10;

    /** All headers together, in bytes. */
    static final int MAX_HEADER_BYTES = 8 << 10;

    private static final int WORKERS = 8;
    private static final long LONGEST_OPERATION_MINUTES = 10;
    private static final long SWEEP_MS = 500;
    private static final long RELOAD_MS = 5_000;

    private final ApiOptions options;
    private final ApiBackend backend;
    private final LongSupplier nowMs;
    private final Connections<HttpConnection> connections = new Connections<>(MAX_CONNECTIONS);
    private @Nullable HttpServer server;
    private @Nullable Digest tlsContent;
    private @Nullable String tlsComplaint;

    /** Listens when it is deployed. */
    public ApiVerticle(ApiOptions options, ApiBackend backend) {
        this(options, backend, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    }

    /** With a clock whose differences count. */
    ApiVerticle(ApiOptions options, ApiBackend backend, LongSupplier nowMs) {
        this.options = options;
        this.backend = backend;
        this.nowMs = nowMs;
    }

    @Override
    public Future<?> start() {
        WorkerExecutor workers = vertx.createSharedWorkerExecutor(
                "ferrymesh-kgc-api", WORKERS, LONGEST_OPERATION_MINUTES, TimeUnit.MINUTES);
        return Contract.load(vertx)
                .compose(contract -> loadTls().compose(tls -> listen(contract, workers, tls)))
                .onSuccess(listening -> {
                    server = listening;
                    vertx.setPeriodic(SWEEP_MS, timer -> sweep());
                    options.tls()
                            .ifPresent(files -> vertx.setPeriodic(RELOAD_MS, timer -> {
                                Future<Void> unused = reloadTls(); // says itself what is wrong
                            }));
                    ApiRouter.LOG.info("the operators' API is at {}", uri());
                });
    }

    /** Where it is, once deployed. */
    public URI uri() {
        HttpServer listening = server;
        if (listening == null) {
            throw new IllegalStateException("the API does not listen yet");
        }
        String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
        return URI.create((options.tls().isPresent() ? "https://" : "http://") + host + ":" + listening.actualPort());
    }

    private Future<HttpServer> listen(Contract contract, WorkerExecutor workers, Optional<TlsFiles> tls) {
        HttpServerOptions http = new HttpServerOptions()
                .setHost(options.host())
                .setPort(options.port())
                .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setHttp2ClearTextEnabled(false)
                .setUseAlpn(false);
        if (tls.isPresent()) {
            tlsContent = tls.get().content();
            http.setSsl(true).setKeyCertOptions(tls.get().options());
        }
        return vertx.createHttpServer(http)
                .connectionHandler(this::connected)
                .invalidRequestHandler(ApiVerticle::invalid)
                .requestHandler(new ApiRouter(contract, backend, workers, connections, nowMs).router(vertx))
                .listen();
    }

    private void connected(HttpConnection connection) {
        if (!connections.opened(connection, nowMs.getAsLong())) {
            ApiRouter.LOG.warn("more than {} connections to the operators' API; one was closed", MAX_CONNECTIONS);
            close(connection);
            return;
        }
        connection.closeHandler(closed -> connections.closed(connection));
    }

    private void sweep() {
        connections.overdue(nowMs.getAsLong()).forEach(connection -> {
            ApiRouter.LOG.info("closed a connection of {} that took too long", connection.remoteAddress());
            close(connection);
        });
    }

    private static void close(HttpConnection connection) {
        connection.close().onFailure(e -> ApiRouter.LOG.debug("closing a connection failed", e));
    }

    private Future<Optional<TlsFiles>> loadTls() {
        return options.tls()
                .map(files -> vertx.executeBlocking(() -> Optional.of(TlsFiles.load(vertx, files))))
                .orElse(Future.succeededFuture(Optional.empty()));
    }

    /** New connections get what the files hold now; as long as that is no good, what they held before. Never fails. */
    Future<Void> reloadTls() {
        HttpServer listening = server;
        if (listening == null) {
            return Future.succeededFuture();
        }
        return loadTls()
                .compose(loaded -> loaded.map(tls -> update(listening, tls)).orElse(Future.succeededFuture()))
                .onSuccess(good -> tlsComplaint = null)
                .otherwise(bad -> {
                    String complaint = String.valueOf(bad.getMessage());
                    if (!complaint.equals(tlsComplaint)) {
                        tlsComplaint = complaint;
                        ApiRouter.LOG.warn("the operators' API goes on with its old TLS certificate", bad);
                    }
                    return null;
                });
    }

    private Future<Void> update(HttpServer listening, TlsFiles tls) {
        if (Objects.equals(tlsContent, tls.content())) {
            return Future.succeededFuture();
        }
        ServerSSLOptions renewed = new ServerSSLOptions().setKeyCertOptions(tls.options());
        return listening
                .updateSSLOptions(renewed)
                .onSuccess(updated -> {
                    tlsContent = tls.content();
                    ApiRouter.LOG.info("the operators' API has a new TLS certificate");
                })
                .mapEmpty();
    }

    /** What HTTP itself cannot take: the decoder says why, and nothing else of the request can be trusted. */
    private static void invalid(HttpServerRequest request) {
        String why = String.valueOf(request.decoderResult().cause().getMessage());
        Problem problem;
        if (why.startsWith("An HTTP line is larger")) {
            problem =
                    new Problem(414, "URI_TOO_LONG", "a request line has at most " + MAX_REQUEST_LINE_BYTES + " bytes");
        } else if (why.startsWith("HTTP header is larger")) {
            problem = new Problem(431, "HEADERS_TOO_LARGE", "headers have at most " + MAX_HEADER_BYTES + " bytes");
        } else {
            problem = Problem.badRequest("this is not HTTP/1.1");
        }
        ApiRouter.LOG.info("refused {}: {}", problem.status(), problem.code());
        Reply.problem(problem)
                .with("Connection", "close")
                .send(request.response())
                .onFailure(gone -> ApiRouter.LOG.debug("the client went away before the reply did", gone));
    }
}
