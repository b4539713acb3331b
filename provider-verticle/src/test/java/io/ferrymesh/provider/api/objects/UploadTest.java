package io.ferrymesh.provider.api.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.provider.api.exchange.Workers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UploadTest {

    private static final Buffer PART = Buffer.buffer(new byte[256 << 10]);

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final Workers workers = new Workers(vertx, "test", 2, 0);
    private final List<String> flow = new CopyOnWriteArrayList<>();
    private final Map<String, Handler<@Nullable Object>> handlers = new HashMap<>();

    @AfterEach
    void stop() throws TimeoutException {
        Void unused = vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void a_client_waits_for_a_store_that_does_not_keep_up() throws Exception {
        CountDownLatch storeWorks = new CountDownLatch(1);
        List<Integer> written = new CopyOnWriteArrayList<>();
        Future<String> done = receive(
                bytes -> {
                    storeWorks.await();
                    written.add(bytes.length);
                },
                () -> "all of it");
        arrive(1); // is being written
        arrive(3);
        assertThat(flow).containsExactly("resume");
        arrive(1);
        assertThat(flow).containsExactly("resume", "pause");
        storeWorks.countDown();
        awaitFlow("resume", "pause", "resume");
        fire("endHandler", null);
        assertThat(done.await(20, TimeUnit.SECONDS)).isEqualTo("all of it");
        assertThat(written).hasSize(5).allMatch(length -> length == PART.length());
    }

    @Test
    void nothing_is_written_any_more_once_it_has_failed() throws Exception {
        List<Integer> written = new CopyOnWriteArrayList<>();
        Future<String> done = receive(
                bytes -> {
                    written.add(bytes.length);
                    throw new IOException("no");
                },
                () -> "never");
        arrive(1);
        assertThatThrownBy(() -> done.await(20, TimeUnit.SECONDS)).hasMessage("no");
        arrive(8);
        fire("endHandler", null);
        assertThat(written).hasSize(1);
    }

    @Test
    void it_fails_after_the_last_write_when_the_client_goes() throws Exception {
        CountDownLatch storeWorks = new CountDownLatch(1);
        List<String> happened = new CopyOnWriteArrayList<>();
        Future<String> done = receive(
                bytes -> {
                    storeWorks.await();
                    happened.add("written");
                },
                () -> "never");
        done.onComplete(any -> happened.add("over"));
        arrive(1);
        fire("exceptionHandler", new IOException("gone"));
        assertThat(done.isComplete()).isFalse();
        storeWorks.countDown();
        assertThatThrownBy(() -> done.await(20, TimeUnit.SECONDS)).hasMessage("gone");
        assertThat(happened).startsWith("written");
    }

    private Future<String> receive(Upload.Sink sink, Callable<String> last) throws TimeoutException {
        Promise<Future<String>> begun = Promise.promise();
        loop.runOnContext(go -> begun.complete(Upload.receive(request(), workers, sink, last)));
        return begun.future().await(20, TimeUnit.SECONDS);
    }

    private void arrive(int parts) throws TimeoutException {
        for (int i = 0; i < parts; i++) {
            fire("handler", PART);
        }
    }

    private void fire(String handler, @Nullable Object event) throws TimeoutException {
        Promise<Void> ran = Promise.promise();
        loop.runOnContext(go -> {
            Objects.requireNonNull(handlers.get(handler), handler).handle(event);
            ran.complete();
        });
        Void unused = ran.future().await(20, TimeUnit.SECONDS);
    }

    private void awaitFlow(String... expected) throws TimeoutException {
        Promise<Void> seen = Promise.promise();
        loop.runOnContext(go -> vertx.setPeriodic(5, timer -> {
            if (flow.equals(List.of(expected)) && vertx.cancelTimer(timer)) {
                seen.complete();
            }
        }));
        Void unused = seen.future().await(20, TimeUnit.SECONDS);
    }

    /** Remembers its handlers, and when it was paused and resumed. */
    @SuppressWarnings("unchecked")
    private HttpServerRequest request() {
        return (HttpServerRequest) Proxy.newProxyInstance(
                UploadTest.class.getClassLoader(),
                new Class<?>[] {HttpServerRequest.class},
                (proxy, method, arguments) -> {
                    String name = method.getName();
                    if (name.equals("isEnded")) {
                        return false;
                    }
                    if (arguments == null) {
                        flow.add(name);
                    } else {
                        handlers.put(name, (Handler<@Nullable Object>) arguments[0]);
                    }
                    return proxy;
                });
    }
}
