package io.ferrymesh.stores.webdav;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Passes requests on to a real server, except those it was told to spoil. */
final class UnreliableServer implements AutoCloseable {

    private static final Set<String> NOT_PASSED_ON =
            Set.of("host", "connection", "content-length", "upgrade", "http2-settings");
    private static final Set<String> NOT_PASSED_BACK =
            Set.of("transfer-encoding", "content-length", "connection", "date");

    /** How a request is spoilt. */
    interface Fault {
        void answer(HttpExchange exchange, Optional<HttpResponse<byte[]>> real) throws IOException;

        /** Whether the real server is to see the request. */
        default boolean reachesServer() {
            return false;
        }
    }

    private final HttpServer server;
    private final URI target;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Deque<Fault>> planned = new HashMap<>(); // guarded by itself
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** One in front of the server of {@code target}. */
    UnreliableServer(URI target) throws IOException {
        this.target = target;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        var unused = server.createContext("/", this::serve);
        server.start();
    }

    /** The base, seen through this server. */
    URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + target.getRawPath());
    }

    /** Spoils the next requests of a method. */
    void spoil(String method, int times, Fault fault) {
        synchronized (planned) {
            for (int i = 0; i < times; i++) {
                planned.computeIfAbsent(method, each -> new ArrayDeque<>()).add(fault);
            }
        }
    }

    /** Spoils nothing more. */
    void forget() {
        synchronized (planned) {
            planned.clear();
        }
    }

    /** How many requests of a method came. */
    long seen(String method) {
        return seen.stream().filter(method::equals).count();
    }

    /** Answers with a status, and a header if one is given. */
    static Fault status(int status, String... header) {
        return (exchange, real) -> {
            if (header.length == 2) {
                exchange.getResponseHeaders().set(header[0], header[1]);
            }
            exchange.sendResponseHeaders(status, -1);
        };
    }

    /** Never answers. */
    Fault silence() {
        return (exchange, real) -> {
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    /** Announces all of the body and sends some of it. */
    static Fault cutShort(int bytes) {
        return new Fault() {
            @Override
            public void answer(HttpExchange exchange, Optional<HttpResponse<byte[]>> answer) throws IOException {
                HttpResponse<byte[]> real = answer.orElseThrow();
                copyHeaders(exchange, real);
                exchange.sendResponseHeaders(real.statusCode(), real.body().length);
                exchange.getResponseBody().write(real.body(), 0, Math.min(bytes, real.body().length));
                exchange.getResponseBody().flush();
            }

            @Override
            public boolean reachesServer() {
                return true;
            }
        };
    }

    /** Does what was asked and says nothing of it. */
    static Fault lostAnswer() {
        return new Fault() {
            @Override
            public void answer(HttpExchange exchange, Optional<HttpResponse<byte[]>> real) {}

            @Override
            public boolean reachesServer() {
                return true;
            }
        };
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        seen.add(method);
        Fault fault;
        synchronized (planned) {
            fault = planned.getOrDefault(method, new ArrayDeque<>()).poll();
        }
        byte[] body = exchange.getRequestBody().readAllBytes();
        try (exchange) {
            if (fault != null) {
                fault.answer(exchange, fault.reachesServer() ? Optional.of(real(exchange, body)) : Optional.empty());
                return;
            }
            passBack(exchange, real(exchange, body));
        }
    }

    private static void passBack(HttpExchange exchange, HttpResponse<byte[]> real) throws IOException {
        copyHeaders(exchange, real);
        exchange.sendResponseHeaders(real.statusCode(), real.body().length == 0 ? -1 : real.body().length);
        exchange.getResponseBody().write(real.body());
    }

    /** Lets something happen just before the real server sees the request, and then passes it on as usual. */
    void before(String method, Runnable event) {
        spoil(method, 1, new Fault() {
            @Override
            public void answer(HttpExchange exchange, Optional<HttpResponse<byte[]>> real) throws IOException {
                passBack(exchange, real.orElseThrow());
            }

            @Override
            public boolean reachesServer() {
                event.run();
                return true;
            }
        });
    }

    private HttpResponse<byte[]> real(HttpExchange exchange, byte[] body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        target.resolve(exchange.getRequestURI().getRawPath()))
                .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, inFront(name, value)));
            }
        });
        try {
            return client.send(request.build(), BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** A destination is a whole URI, and the real server knows only itself. */
    private String inFront(String name, String value) {
        return name.equalsIgnoreCase("Destination")
                ? target.resolve(URI.create(value).getRawPath()).toString()
                : value;
    }

    private static void copyHeaders(HttpExchange exchange, HttpResponse<byte[]> real) {
        real.headers().map().forEach((name, values) -> {
            if (!NOT_PASSED_BACK.contains(name)) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
    }
}
