package io.ferrymesh.provider;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;

/** The HTTP server with its bounds. Event loop only. */
final class ApiServer {

    /** Longest request line, in bytes. */
    static final int MAX_REQUEST_LINE_BYTES = 2 << 10;

    /** All headers together, in bytes. */
    static final int MAX_HEADER_BYTES = 8 << 10;

    private static final int IDLE_SECONDS = 60;

    private final int maxConnections;
    private int connections;

    private ApiServer(int maxConnections) {
        this.maxConnections = maxConnections;
    }

    /** Listens. Connections beyond the maximum are closed at once. */
    static Future<HttpServer> start(Vertx vertx, Handler<HttpServerRequest> front, ProviderOptions options) {
        HttpServerOptions http = new HttpServerOptions()
                .setHost(options.httpHost())
                .setPort(options.httpPort())
                .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setHttp2ClearTextEnabled(false);
        ApiServer server = new ApiServer(options.maxConnections());
        return vertx.createHttpServer(http)
                .connectionHandler(server::connected)
                .invalidRequestHandler(ApiServer::invalid)
                .requestHandler(front)
                .listen();
    }

    private void connected(HttpConnection connection) {
        connections++;
        connection.closeHandler(closed -> connections--);
        if (connections > maxConnections) {
            HttpApi.LOG.warn("more than {} HTTP connections; one was closed", maxConnections);
            connection.close().onFailure(e -> HttpApi.LOG.debug("closing a connection failed", e));
        }
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
            problem = Problem.badRequest("this is not HTTP");
        }
        HttpApi.LOG.info("refused {}: {}", problem.status(), problem.code());
        request.response().putHeader("Connection", "close");
        Reply.problem(problem).send(request.response());
    }
}
