package io.ferrymesh.kgc.api;

import io.ferrymesh.web.Contract;
import io.ferrymesh.web.Cors;
import io.ferrymesh.web.WebLimits;
import io.ferrymesh.web.WebServer;
import io.ferrymesh.web.WebServerOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The operators' API. One event loop; operations on workers of its own. */
public final class ApiVerticle extends VerticleBase {

    /** Most connections at once; one more is closed. */
    static final int MAX_CONNECTIONS = 64;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final WebLimits LIMITS =
            new WebLimits(MAX_CONNECTIONS, MAX_CONNECTIONS, 2 << 10, 8 << 10, PATIENCE, PATIENCE, PATIENCE, 4 << 10);

    private static final int WORKERS = 8;
    private static final long LONGEST_OPERATION_MINUTES = 10;

    private final ApiOptions options;
    private final ApiBackend backend;
    private final LongSupplier nowMs;
    private @Nullable WebServer server;

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
        WebServerOptions web = new WebServerOptions(
                "the operators' API", options.host(), options.port(), options.tls(), LIMITS, Cors.OFF);
        return loadContract(vertx)
                .map(contract -> new ApiRouter(contract, backend, workers, nowMs).router(vertx))
                .compose(router -> WebServer.start(vertx, web, router, nowMs))
                .onSuccess(listening -> server = listening);
    }

    /** Where it is, once deployed. */
    public URI uri() {
        return server().uri();
    }

    /** Takes up what the certificate's files hold now. */
    Future<Void> reloadTls() {
        return server().reloadTls();
    }

    /** The document. */
    static Future<Contract> loadContract(Vertx vertx) {
        return Contract.load(vertx, ApiVerticle.class, "openapi.json");
    }

    private WebServer server() {
        WebServer listening = server;
        if (listening == null) {
            throw new IllegalStateException("the API does not listen yet");
        }
        return listening;
    }
}
