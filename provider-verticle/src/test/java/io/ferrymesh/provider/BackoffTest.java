package io.ferrymesh.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void each_wait_is_twice_the_last_up_to_a_minute_less_a_random_part() {
        Backoff backoff = new Backoff(new Random(1));
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            backoff.failed(ErrorCode.OVERLOADED, 0);
            waits.add(backoff.msLeft(0));
        }
        assertThat(waits.get(0)).isBetween(500L, 1_000L);
        assertThat(waits.get(3)).isBetween(4_000L, 8_000L);
        assertThat(waits.subList(6, 100)).allSatisfy(wait -> assertThat(wait).isBetween(30_000L, 60_000L));
        assertThat(new HashSet<>(waits)).hasSizeGreaterThan(90);
    }

    @Test
    void what_takes_an_operator_is_not_asked_for_all_the_time() {
        Backoff backoff = new Backoff(new Random(1));
        for (ErrorCode code : List.of(ErrorCode.REVOKED, ErrorCode.NOT_ENROLLED, ErrorCode.QUOTA_EXCEEDED)) {
            backoff.succeeded();
            backoff.failed(code, 0);
            assertThat(backoff.msLeft(0)).isBetween(30_000L, 60_000L);
        }
    }

    @Test
    void a_success_ends_it() {
        Backoff backoff = new Backoff(new Random(1));
        assertThat(backoff.isDue(0)).isTrue();
        backoff.failed(ErrorCode.UNAVAILABLE, 0);
        assertThat(backoff.isDue(0)).isFalse();
        assertThat(backoff.isDue(1_000)).isTrue();
        backoff.succeeded();
        assertThat(backoff.isDue(0)).isTrue();
    }
}
