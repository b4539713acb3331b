package io.ferrymesh.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SeldomTest {

    private final AtomicLong nowMs = new AtomicLong(-7);
    private final Seldom seldom = new Seldom(nowMs::get);

    @Test
    void the_first_time_is_said_and_the_next_only_after_a_while_with_their_number() {
        assertThat(seldom.happened()).hasValue(0);
        nowMs.addAndGet(Seldom.EVERY_MS - 1);
        assertThat(seldom.happened()).isEmpty();
        assertThat(seldom.happened()).isEmpty();
        nowMs.addAndGet(1);
        assertThat(seldom.happened()).hasValue(2);
        assertThat(seldom.happened()).isEmpty();
        nowMs.addAndGet(Seldom.EVERY_MS);
        assertThat(seldom.happened()).hasValue(1);
    }
}
