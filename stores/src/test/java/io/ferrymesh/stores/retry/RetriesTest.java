package io.ferrymesh.stores.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetriesTest implements Pauses {

    private static final RetryPolicy POLICY =
            new RetryPolicy(3, Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(30));

    private final List<Duration> pauses = new ArrayList<>();
    private final List<String> counted = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();
    private final Retries retries =
            new Retries(POLICY, (operation, error) -> counted.add(operation + " " + error), new Random(1), this);
    private int attempts;

    @AfterEach
    void unmark() {
        boolean unused = Thread.interrupted();
    }

    @Test
    void what_succeeds_at_last_gives_its_result() throws Exception {
        assertThat(retries.call("read", () -> attempt(2, Optional.empty()))).isEqualTo("done");

        assertThat(attempts).isEqualTo(3);
        assertThat(pauses).hasSize(2);
        assertThat(counted).containsExactly("read IO_ERROR", "read IO_ERROR");
    }

    @Test
    void what_keeps_failing_ends_with_the_last_failure() {
        assertThatThrownBy(() -> retries.call("read", () -> attempt(9, Optional.empty())))
                .isInstanceOf(StoreException.class)
                .hasMessage("attempt 3");
        assertThat(counted).hasSize(2);
    }

    @Test
    void what_fails_for_good_is_not_tried_again() {
        assertThatThrownBy(() -> retries.call("read", () -> {
                    attempts++;
                    throw new StoreException(StoreError.NOT_FOUND, "gone");
                }))
                .hasMessage("gone");
        assertThat(attempts).isEqualTo(1);
        assertThat(counted).isEmpty();
    }

    @Test
    void the_servers_wish_is_honoured() throws Exception {
        assertThat(retries.call("read", () -> attempt(1, Optional.of(Duration.ofSeconds(17)))))
                .isEqualTo("done");
        assertThat(pauses).singleElement().satisfies(pause -> assertThat(pause)
                .isGreaterThanOrEqualTo(Duration.ofSeconds(17)));
    }

    @Test
    void an_interrupted_wait_ends_and_leaves_the_mark() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> retries.call("read", () -> attempt(1, Optional.empty())))
                .isInstanceOf(StoreException.class)
                .hasMessage("interrupted, after attempt 1");
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    void without_a_thread_the_same_goes() {
        CompletableFuture<String> result =
                retries.callAsync("write", () -> future(2, Optional.of(Duration.ofSeconds(9))));

        assertThat(result).isNotDone();
        later.remove(0).run();
        assertThat(result).isNotDone();
        later.remove(0).run();
        assertThat(result).isCompletedWithValue("done");
        assertThat(pauses).hasSize(2).allSatisfy(pause -> assertThat(pause)
                .isGreaterThanOrEqualTo(Duration.ofSeconds(9)));
        assertThat(counted).containsExactly("write IO_ERROR", "write IO_ERROR");
    }

    @Test
    void without_a_thread_what_keeps_failing_ends_with_the_last_failure() {
        CompletableFuture<String> result = retries.callAsync("write", () -> future(9, Optional.empty()));
        later.remove(0).run();
        later.remove(0).run();

        assertThat(later).isEmpty();
        assertThatThrownBy(result::join)
                .cause()
                .isInstanceOf(StoreException.class)
                .hasMessage("attempt 3");
    }

    @Test
    void without_a_thread_what_fails_for_good_is_not_tried_again() {
        CompletableFuture<String> result = retries.callAsync("write", () -> {
            throw new IllegalStateException("a mistake");
        });

        assertThat(later).isEmpty();
        assertThatThrownBy(result::join).cause().hasMessage("a mistake");
    }

    @Test
    void cancelling_ends_the_attempt_and_the_attempts() {
        var running = new CompletableFuture<String>();
        CompletableFuture<String> result = retries.callAsync("write", () -> running);
        assertThat(result.cancel(true)).isTrue();
        assertThat(running).isCancelled();

        CompletableFuture<String> waiting = retries.callAsync("write", () -> future(9, Optional.empty()));
        assertThat(waiting.cancel(true)).isTrue();
        later.remove(0).run();
        assertThat(attempts).isEqualTo(1);
    }

    @Override
    public void sleep(Duration pause) throws InterruptedException {
        pauses.add(pause);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    @Override
    public Executor after(Duration pause) {
        pauses.add(pause);
        return later::add;
    }

    private String attempt(int failures, Optional<Duration> retryAfter) throws TransientFailure {
        attempts++;
        if (attempts <= failures) {
            throw new TransientFailure(new StoreException(StoreError.IO_ERROR, "attempt " + attempts), retryAfter);
        }
        return "done";
    }

    private CompletableFuture<String> future(int failures, Optional<Duration> retryAfter) {
        try {
            return CompletableFuture.completedFuture(attempt(failures, retryAfter));
        } catch (TransientFailure e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
