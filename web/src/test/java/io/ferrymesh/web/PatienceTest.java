package io.ferrymesh.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PatienceTest {

    private final Patience patience = new Patience(30_000, 1_024);

    @Test
    void it_lasts_as_long_as_it_was_given() {
        assertThat(patience.isOverAfter(30_000, 0)).isFalse();
        assertThat(patience.isOverAfter(1, 0)).isTrue();
    }

    @Test
    void slow_and_steady_never_runs_out_of_it() {
        for (long second = 1; second < 100_000; second++) {
            assertThat(patience.isOverAfter(1_000, second * 1_024)).isFalse();
        }
    }

    @Test
    void a_little_slower_runs_out_of_it() {
        long second = 1;
        while (!patience.isOverAfter(1_000, second * 1_000)) {
            second++;
        }
        assertThat(second).isBetween(1_000L, 2_000L);
    }

    @Test
    void what_was_fast_before_saves_up_no_more_than_it_began_with() {
        assertThat(patience.isOverAfter(1_000, 1L << 33)).isFalse();
        assertThat(patience.isOverAfter(30_000, 1L << 33)).isFalse();
        assertThat(patience.isOverAfter(1, 1L << 33)).isTrue();
    }

    @Test
    void single_bytes_add_up() {
        for (long half = 1; half < 100_000; half++) {
            assertThat(patience.isOverAfter(1, 2 * half)).isFalse();
        }
    }
}
