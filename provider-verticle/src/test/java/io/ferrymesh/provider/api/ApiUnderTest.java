package io.ferrymesh.provider.api;

import io.ferrymesh.provider.api.streams.EventTimes;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreException;
import io.ferrymesh.stores.directory.DirectoryStore;
import io.ferrymesh.web.AddressRange;
import io.ferrymesh.web.TrustedProxies;
import io.ferrymesh.web.WebServerOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** The API on a free port of loopback over a directory, and a client that waits. */
final class ApiUnderTest implements AutoCloseable {

    static final int MAX_OBJECT_BYTES = 64 << 20;
    static final ApiOptions OPTIONS = new ApiOptions(
            8,
            256,
            2,
            MAX_OBJECT_BYTES,
            4,
            3,
            5,
            new EventTimes(Duration.ofMillis(10), Duration.ofMillis(200)),
            new TrustedProxies(List.of(AddressRange.parse("127.0.0.1"), AddressRange.parse("10.0.0.0/8"))));

    final FakeServices fakes;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    volatile ApiHealth health = ApiHealth.UP;

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final ObjectStore shared;
    private final ProviderApi.Running api;

    ApiUnderTest(Path root) {
        this(root, WebServerOptions.loopback("the users' API", 0));
    }

    ApiUnderTest(Path root, WebServerOptions web) {
        try {
            shared = DirectoryStore.open(root);
            fakes = new FakeServices(shared);
            Promise<ProviderApi.Running> started = Promise.promise();
            loop.runOnContext(go -> ProviderApi.start(vertx, web, OPTIONS, fakes.services(), () -> health, meters)
                    .onComplete(started));
            api = started.future().await(30, TimeUnit.SECONDS);
        } catch (StoreException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    URI uri() {
        return api.uri();
    }

    Vertx vertx() {
        return vertx;
    }

    ProviderApi.Running running() {
        return api;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(api.uri() + path)).timeout(Duration.ofSeconds(20));
    }

    HttpRequest.Builder as(String name, String path) {
        return request(path).header("Authorization", "Bearer " + name + "-token");
    }

    HttpRequest.Builder authorized(String path) {
        return as("alice", path);
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        return send(request, HttpResponse.BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
        try {
            return http.send(request.build(), body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    HttpResponse<String> put(String path, String content) {
        return send(authorized(path).PUT(HttpRequest.BodyPublishers.ofString(content)));
    }

    HttpResponse<String> get(String path) {
        return send(authorized(path).GET());
    }

    /** Waits until something is so that only the event loop may look at. */
    Void onEventLoopUntil(BooleanSupplier isSo) throws TimeoutException {
        Promise<Void> seen = Promise.promise();
        loop.runOnContext(go -> vertx.setPeriodic(20, timer -> {
            if (isSo.getAsBoolean() && vertx.cancelTimer(timer)) {
                seen.complete();
            }
        }));
        return seen.future().await(20, TimeUnit.SECONDS);
    }

    /** A connection that says whatever it likes. */
    RawClient raw() throws IOException {
        return new RawClient(new Socket(api.uri().getHost(), api.uri().getPort()));
    }

    @Override
    public void close() {
        try {
            Void unused = vertx.close().await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
        shared.close();
    }
}
