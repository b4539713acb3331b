package io.ferrymesh.provider.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ShutdownTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final Duration GRACE = Duration.ofSeconds(7);

    private final Health health = new Health(VERTX, List::of);
    private final List<String> done = new CopyOnWriteArrayList<>();

    @AfterAll
    static void close() {
        Void unused = await(VERTX.close());
    }

    @Test
    void it_is_not_ready_then_takes_nothing_then_hands_over_then_closes() {
        health.started();
        Void unused = await(shutdown(note("accepting"), note("handing over"), note("closing"))
                .run());
        assertThat(done).containsExactly("STOPPING accepting PT7S", "STOPPING handing over", "STOPPING closing");
    }

    @Test
    void nothing_is_handed_over_before_the_running_requests_have_ended() {
        Promise<Void> requests = Promise.promise();
        Future<Void> all = shutdown(requests::future, note("handing over"), note("closing"))
                .run();
        assertThat(done).isEmpty();
        requests.complete();
        Void unused = await(all);
        assertThat(done).hasSize(2);
    }

    @Test
    void what_fails_does_not_keep_the_rest_from_its_turn() {
        Void unused = await(shutdown(
                        () -> Future.failedFuture("stuck"),
                        () -> {
                            throw new IllegalStateException("no");
                        },
                        note("closing"))
                .run());
        assertThat(done).containsExactly("STOPPING closing");
    }

    @Test
    void requests_that_do_not_end_are_waited_for_no_longer_than_agreed() {
        Shutdown shutdown = new Shutdown(
                health,
                Duration.ZERO,
                new Shutdown.Steps(grace -> Promise.<Void>promise().future(), note("handing over"), note("closing")));
        assertThat(Shutdown.longest(Duration.ZERO)).isEqualTo(Duration.ofSeconds(11));
        Void unused = await(shutdown.run());
        assertThat(done).hasSize(2);
    }

    @Test
    void asked_twice_it_ends_once() {
        Shutdown shutdown = shutdown(note("accepting"), note("handing over"), note("closing"));
        Future<Void> first = shutdown.run();
        assertThat(shutdown.run()).isSameAs(first);
        Void unused = await(first);
        assertThat(done).hasSize(3);
    }

    @Test
    void a_failure_to_close_is_told() {
        assertThatThrownBy(() -> await(shutdown(note("a"), note("b"), () -> Future.failedFuture("no"))
                        .run()))
                .hasMessageContaining("no");
    }

    private Shutdown shutdown(
            Supplier<Future<Void>> accepting, Supplier<Future<Void>> handOver, Supplier<Future<Void>> closing) {
        return new Shutdown(
                health,
                GRACE,
                new Shutdown.Steps(
                        grace -> accepting.get().onSuccess(ended -> {
                            if (!done.isEmpty()) {
                                done.set(0, done.get(0) + " " + grace);
                            }
                        }),
                        handOver,
                        closing));
    }

    private Supplier<Future<Void>> note(String what) {
        return () -> {
            done.add(health.stage() + " " + what);
            return Future.succeededFuture();
        };
    }

    private static Void await(Future<Void> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
