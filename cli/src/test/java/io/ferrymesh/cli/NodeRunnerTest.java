package io.ferrymesh.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A node is stopped in order, whether it was there or on its way. */
class NodeRunnerTest {

    private final Promise<Node> node = Promise.promise();
    private final AtomicInteger stops = new AtomicInteger();
    private final AtomicInteger ready = new AtomicInteger();
    private final CompletableFuture<Void> stop = new CompletableFuture<>();
    private Duration longestStart = Duration.ofMinutes(1);

    private final Launch<Node> launch = new Launch<>() {
        @Override
        public Future<Node> start() {
            return node.future();
        }

        @Override
        public Duration longestStart() {
            return longestStart;
        }

        @Override
        public String stage() {
            return "waiting for Godot";
        }

        @Override
        public Future<Void> stop() {
            stops.incrementAndGet();
            return Future.succeededFuture();
        }

        @Override
        public Duration longestStop() {
            return Duration.ofMinutes(1);
        }
    };

    @Test
    void one_that_is_told_to_stop_is_stopped() throws Exception {
        node.complete(Future::succeededFuture);
        assertThat(stop.complete(null)).isTrue();
        run();
        assertThat(ready).hasValue(1);
        assertThat(stops).hasValue(1);
    }

    @Test
    void one_that_is_told_to_stop_before_it_is_there_is_stopped_too() throws Exception {
        assertThat(stop.complete(null)).isTrue();
        run();
        assertThat(ready).hasValue(0);
        assertThat(stops).hasValue(1);
    }

    @Test
    void one_that_does_not_start_in_time_is_stopped_and_says_where_it_hangs() {
        longestStart = Duration.ofMillis(1);
        assertThatThrownBy(this::run)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not start within 0 s: it was waiting for Godot");
        assertThat(stops).hasValue(1);
    }

    @Test
    void one_that_cannot_start_says_why() {
        node.fail(new IOException("no port"));
        assertThatThrownBy(this::run).isInstanceOf(IOException.class).hasMessage("no port");
        assertThat(ready).hasValue(0);
    }

    private void run() throws Exception {
        NodeRunner.run(
                launch,
                started -> {
                    ready.incrementAndGet();
                    return new JsonObject();
                },
                stop);
    }
}
