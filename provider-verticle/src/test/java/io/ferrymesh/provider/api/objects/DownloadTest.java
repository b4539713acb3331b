package io.ferrymesh.provider.api.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.provider.api.exchange.Workers;
import io.ferrymesh.stores.ObjectReader;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.lang.reflect.Proxy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DownloadTest {

    private static final Buffer BLOCK = Buffer.buffer(new byte[Download.BLOCK_BYTES]);

    private final Vertx vertx = Vertx.vertx();
    private final Workers workers = new Workers(vertx, "test", 2, 0);
    private final AtomicInteger closed = new AtomicInteger();
    private int blocks;

    @AfterEach
    void stop() throws TimeoutException {
        Void unused = vertx.close().await(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void an_answer_that_the_server_ended_leaves_no_reader_open(int endedAt) {
        assertThatThrownBy(() -> send(endedAt).await(20, TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class);
        assertThat(closed).hasValue(1);
    }

    @Test
    void a_whole_answer_leaves_none_open_either() throws TimeoutException {
        Void unused = send(Integer.MAX_VALUE).await(20, TimeUnit.SECONDS);
        assertThat(closed).hasValue(1);
    }

    /** Three blocks, of which one is refused. */
    private Future<Void> send(int endedAt) {
        Promise<Void> done = Promise.promise();
        ByteRange range = ByteRange.whole(3L * Download.BLOCK_BYTES);
        vertx.getOrCreateContext().runOnContext(go -> Download.send(response(endedAt), workers, reader(), range, BLOCK)
                .onComplete(done));
        return done.future();
    }

    private HttpServerResponse response(int endedAt) {
        return (HttpServerResponse) Proxy.newProxyInstance(
                DownloadTest.class.getClassLoader(),
                new Class<?>[] {HttpServerResponse.class},
                (proxy, method, arguments) -> {
                    blocks++;
                    if (blocks >= endedAt) {
                        throw new IllegalStateException("the response has been ended");
                    }
                    return Future.succeededFuture();
                });
    }

    private ObjectReader reader() {
        return (ObjectReader) Proxy.newProxyInstance(
                DownloadTest.class.getClassLoader(),
                new Class<?>[] {ObjectReader.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "read" -> arguments[3];
                    case "close" -> {
                        int unused = closed.incrementAndGet();
                        yield null;
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
