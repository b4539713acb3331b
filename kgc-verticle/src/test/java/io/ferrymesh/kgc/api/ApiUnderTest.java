package io.ferrymesh.kgc.api;

import io.ferrymesh.kgc.operator.KgcOperations;
import io.ferrymesh.kgc.operator.NewOperator;
import io.ferrymesh.kgc.operator.OperationException;
import io.ferrymesh.kgc.operator.Operator;
import io.ferrymesh.kgc.operator.OperatorDesk;
import io.ferrymesh.kgc.operator.OperatorInfo;
import io.ferrymesh.kgc.operator.Operators;
import io.ferrymesh.kgc.operator.Role;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The API on a free port of loopback, and a client that waits. */
final class ApiUnderTest implements AutoCloseable {

    static final String TOKEN = "11".repeat(32);
    static final Operator ERIN = new Operator("erin", Role.ENROLMENT);

    final FakeOperations operations = new FakeOperations();
    final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    final AtomicLong nowMs = new AtomicLong(1_000_000);
    volatile @Nullable RuntimeException unhealthy;
    volatile @Nullable RuntimeException unknowing;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final ApiVerticle api;
    private final URI uri;

    ApiUnderTest() {
        this(ApiOptions.loopback(0));
    }

    ApiUnderTest(ApiOptions options) {
        api = new ApiVerticle(options, new ApiBackend(new Desk(), this::checkHealth, meters), nowMs::get);
        try {
            String unused = vertx.deployVerticle(api).await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
        uri = api.uri();
    }

    URI uri() {
        return uri;
    }

    Future<Void> reloadTls() {
        return api.reloadTls();
    }

    Vertx vertx() {
        return vertx;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri.resolve(path)).timeout(Duration.ofSeconds(20));
    }

    HttpRequest.Builder authorized(String path) {
        return request(path).header("Authorization", "Bearer " + TOKEN);
    }

    HttpResponse<String> get(String path) {
        return send(authorized(path).GET());
    }

    HttpResponse<String> post(String path, String json) {
        return send(authorized(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A connection that says whatever it likes. */
    Socket raw() throws IOException {
        Socket socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    @Override
    public void close() {
        try {
            Void unused = vertx.close().await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** Knows one operator. */
    private final class Desk implements OperatorDesk, Operators {

        @Override
        public Operators operators() {
            return this;
        }

        @Override
        public KgcOperations operations(Operator operator) {
            return operations;
        }

        @Override
        public Operator authenticate(String token) {
            RuntimeException told = unknowing;
            if (told != null) {
                throw told;
            }
            if (token.equals(TOKEN)) {
                return ERIN;
            }
            throw new OperationException(OperationException.Code.UNAUTHENTICATED, "that is no operator's token");
        }

        @Override
        public NewOperator add(String name, Role role) {
            throw new AssertionError("never over HTTP");
        }

        @Override
        public List<OperatorInfo> list() {
            throw new AssertionError("never over HTTP");
        }

        @Override
        public void remove(String name) {
            throw new AssertionError("never over HTTP");
        }
    }

    private void checkHealth() {
        RuntimeException told = unhealthy;
        if (told != null) {
            throw told;
        }
    }
}
