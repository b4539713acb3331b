package io.ferrymesh.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetriesTest {

    private static final String PASSES = "passes";

    private final List<Long> waits = new ArrayList<>();
    private final AtomicInteger runs = new AtomicInteger();
    private long now;
    private boolean interrupt;

    private final Retries retries = new Retries(10, new SplittableRandom(7), Retries.LONGEST_MS, new Retries.Waiting() {
        @Override
        public long nowMs() {
            return now;
        }

        @Override
        public void sleep(long ms) throws InterruptedException {
            if (interrupt) {
                throw new InterruptedException();
            }
            now += ms;
            waits.add(ms);
        }
    });

    @Test
    void what_succeeds_is_done_once() {
        assertThat(failingFor(0)).isEqualTo(1);
        assertThat(waits).isEmpty();
    }

    @Test
    void what_fails_for_a_while_is_done_until_it_succeeds_after_waits_that_differ() {
        assertThat(failingFor(5)).isEqualTo(6);
        assertThat(waits).hasSize(5).doesNotHaveDuplicates().allMatch(each -> each > 0 && each <= 251);
    }

    @Test
    void what_keeps_failing_is_given_up_after_ten_times() {
        assertThatThrownBy(() -> failingFor(100)).hasMessage(PASSES);
        assertThat(runs).hasValue(10);
    }

    @Test
    void what_takes_long_to_fail_is_given_up_sooner() {
        assertThatThrownBy(() -> retries.of(
                        () -> {
                            runs.incrementAndGet();
                            now += 5_000;
                            throw new IllegalStateException(PASSES);
                        },
                        failure -> true))
                .hasMessage(PASSES);
        assertThat(runs).hasValue(2);
    }

    @Test
    void another_failure_is_thrown_at_once() {
        assertThatThrownBy(() -> retries.of(
                        () -> {
                            runs.incrementAndGet();
                            throw new IllegalStateException("stays");
                        },
                        failure -> PASSES.equals(failure.getMessage())))
                .hasMessage("stays");
        assertThat(runs).hasValue(1);
    }

    @Test
    void an_interrupted_thread_stops_waiting_and_stays_interrupted() {
        interrupt = true;
        assertThatThrownBy(() -> failingFor(5)).hasMessage(PASSES);
        assertThat(runs).hasValue(1);
        assertThat(Thread.interrupted()).isTrue();
    }

    private int failingFor(int times) {
        return retries.of(
                () -> {
                    if (runs.getAndIncrement() < times) {
                        throw new IllegalStateException(PASSES);
                    }
                    return runs.get();
                },
                failure -> PASSES.equals(failure.getMessage()));
    }
}
