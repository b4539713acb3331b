package io.ferrymesh.cli.user;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A provider's HTTP API as far as clients' sessions go: a pair of tokens is good once, and one access token at a time. */
final class FakeProvider implements AutoCloseable {

    /** What was asked for, as METHOD PATH. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    /** Refresh tokens that came again. */
    final AtomicInteger reuses = new AtomicInteger();

    /** What was shown for a device by whoever registered or logged in. */
    final List<String> devices = new CopyOnWriteArrayList<>();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final AtomicInteger pair = new AtomicInteger();
    private final long validSeconds;
    private volatile String answer = "{}";
    private volatile boolean revoked;

    /** Of which access tokens are good for so long, by their own word. */
    FakeProvider(long validSeconds) throws IOException {
        this.validSeconds = validSeconds;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What every other request is answered with from now on. */
    void answers(String json) {
        answer = json;
    }

    /** Access tokens are not taken any more until the next pair. */
    void forgetAccess() {
        int unused = pair.addAndGet(1_000);
    }

    /** Ends every session. */
    void revoke() {
        revoked = true;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        requests.add(exchange.getRequestMethod() + " " + path);
        byte[] body = exchange.getRequestBody().readAllBytes();
        switch (path) {
            case "/v1/accounts", "/v1/sessions" ->
                begin(exchange, new JsonObject(new String(body, StandardCharsets.UTF_8)));
            case "/v1/sessions/refresh" -> refresh(exchange, new JsonObject(new String(body, StandardCharsets.UTF_8)));
            default -> {
                boolean known = ("Bearer access-" + pair.get())
                        .equals(exchange.getRequestHeaders().getFirst("Authorization"));
                reply(exchange, known && !revoked ? 200 : 401, known ? answer : problem("UNAUTHENTICATED"));
            }
        }
    }

    private synchronized void refresh(HttpExchange exchange, JsonObject body) throws IOException {
        boolean good = body.getString("refreshToken").equals("refresh-" + pair.get() % 1_000);
        if (!good) {
            int unused = reuses.incrementAndGet();
        }
        if (good && pair.get() >= 1_000) {
            pair.set(pair.get() % 1_000);
        }
        reply(
                exchange,
                good && !revoked ? 200 : 401,
                good && !revoked ? tokens().encode() : problem("UNAUTHENTICATED"));
    }

    private void begin(HttpExchange exchange, JsonObject body) throws IOException {
        devices.add(String.valueOf(body.getString("deviceToken")));
        reply(
                exchange,
                201,
                tokens().put("deviceToken", "device-" + devices.size()).encode());
    }

    private JsonObject tokens() {
        int next = pair.incrementAndGet();
        return new JsonObject()
                .put("name", "alex")
                .put("sessionId", "s1")
                .put("accessToken", "access-" + next)
                .put("expiresInSeconds", validSeconds)
                .put("refreshToken", "refresh-" + next);
    }

    private static String problem(String code) {
        return new JsonObject()
                .put("code", code)
                .put("detail", "what would be right")
                .encode();
    }

    private static void reply(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
