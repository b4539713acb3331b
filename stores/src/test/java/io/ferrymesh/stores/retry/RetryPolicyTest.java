package io.ferrymesh.stores.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final RetryPolicy POLICY = new RetryPolicy(6, SECOND, Duration.ofSeconds(5), Duration.ofSeconds(30));
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final Random random = new Random(1);

    @Test
    void delays_double_up_to_the_longest_and_half_of_each_is_drawn() {
        int[] most = {1_000, 2_000, 4_000, 5_000, 5_000};
        for (int failed = 1; failed <= 5; failed++) {
            for (int i = 0; i < 200; i++) {
                assertThat(POLICY.delay(failed, Optional.empty(), random).orElseThrow())
                        .isBetween(Duration.ofMillis(most[failed - 1] / 2), Duration.ofMillis(most[failed - 1]));
            }
        }
    }

    @Test
    void many_clients_do_not_come_back_at_once() {
        assertThat(random.ints(100).mapToObj(i -> POLICY.delay(3, Optional.empty(), random)))
                .doesNotHaveDuplicates();
        assertThat(random.ints(100).mapToObj(i -> POLICY.delay(3, Optional.of(Duration.ofSeconds(20)), random)))
                .doesNotHaveDuplicates();
    }

    @Test
    void the_last_attempt_is_not_followed_by_another() {
        assertThat(POLICY.delay(6, Optional.empty(), random)).isEmpty();
        assertThat(POLICY.delay(6, Optional.of(SECOND), random)).isEmpty();
    }

    @Test
    void a_server_is_not_asked_again_before_it_said() {
        for (int seconds = 1; seconds <= 30; seconds++) {
            Duration asked = Duration.ofSeconds(seconds);
            assertThat(POLICY.delay(1, Optional.of(asked), random).orElseThrow())
                    .isBetween(asked, asked.multipliedBy(11).dividedBy(10));
        }
        assertThat(POLICY.delay(4, Optional.of(Duration.ZERO), random).orElseThrow())
                .isGreaterThanOrEqualTo(Duration.ofMillis(2_500));
    }

    @Test
    void a_server_that_asks_for_too_long_is_given_up() {
        assertThat(POLICY.delay(1, Optional.of(Duration.ofSeconds(31)), random)).isEmpty();
    }

    @Test
    void what_cannot_work_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryPolicy(0, SECOND, SECOND, SECOND))
                .withMessage("attempts must be 1 to 100: 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryPolicy(1, Duration.ZERO, SECOND, SECOND))
                .withMessage("firstDelay must be > 0: PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryPolicy(1, SECOND, Duration.ofMillis(1), SECOND))
                .withMessage("longestDelay must be at least firstDelay, PT1S: PT0.001S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryPolicy(1, SECOND, SECOND, Duration.ofSeconds(-1)))
                .withMessage("longestRetryAfter must be >= 0: PT-1S");
    }

    @Test
    void retry_after_is_seconds_or_a_date() {
        assertThat(RetryAfter.parse("90", NOW)).contains(Duration.ofSeconds(90));
        assertThat(RetryAfter.parse(" 0 ", NOW)).contains(Duration.ZERO);
        assertThat(RetryAfter.parse("Fri, 2 Jan 2026 03:05:05 GMT", NOW)).contains(Duration.ofSeconds(60));
        assertThat(RetryAfter.parse("Fri, 02 Jan 2026 03:00:00 GMT", NOW)).contains(Duration.ZERO);
    }

    @Test
    void retry_after_that_says_nothing_is_none() {
        for (String value : new String[] {"", "soon", "-1", "1.5", "9999999999", "2026-01-02T03:05:05Z"}) {
            assertThat(RetryAfter.parse(value, NOW)).as(value).isEmpty();
        }
    }
}
