package io.ferrymesh.web;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** A server on a free port of loopback with a clock of its own, and a client that says whatever it likes. */
final class ServerUnderTest implements AutoCloseable {

    final Vertx vertx = Vertx.vertx();
    final AtomicLong nowMs = new AtomicLong(1_000_000);
    final WebServer server;

    ServerUnderTest(WebServerOptions options, Handler<HttpServerRequest> handler) {
        this(options, handler, WebServer.RELOAD_MS);
    }

    /** One that looks at its PEM files that often. */
    ServerUnderTest(WebServerOptions options, Handler<HttpServerRequest> handler, long reloadMs) {
        server = await(WebServer.start(vertx, options, handler, nowMs::get, reloadMs));
    }

    static WebServerOptions options() {
        return WebServerOptions.loopback("the server under test", 0);
    }

    URI uri() {
        return server.uri();
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(uri().getHost(), uri().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends a request and reads until the server closes, which it is asked to. */
    String answer(String head) throws IOException {
        try (Socket socket = connect()) {
            write(socket, head + "Connection: close\r\n\r\n");
            return rest(socket);
        }
    }

    /** Everything until the server closes, while time goes by in steps, one for each look at the connections. */
    String restInTime(Socket socket, long stepMs) throws IOException {
        long hurrying = vertx.setPeriodic(500, timer -> nowMs.addAndGet(stepMs));
        try {
            return rest(socket);
        } finally {
            boolean unused = vertx.cancelTimer(hurrying);
        }
    }

    static String rest(Socket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] part = new byte[4_096];
        try {
            for (int read = socket.getInputStream().read(part);
                    read >= 0;
                    read = socket.getInputStream().read(part)) {
                all.write(part, 0, read);
            }
        } catch (SocketException reset) {
            // what came before is what counts
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    static <T> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        Void unused = await(vertx.close());
    }
}
