package io.ferrymesh.kgc.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.scheme.Digest;
import org.junit.jupiter.api.Test;

class LoginThrottleTest {

    private static final String HERE = "192.0.2.1";
    private static final Digest BAD = token("bad");
    private static final Digest GOOD = token("good");

    private final LoginThrottle throttle = new LoginThrottle();

    @Test
    void a_few_failures_are_free_and_then_each_doubles_the_wait_up_to_a_minute() {
        for (int i = 1; i < LoginThrottle.FREE; i++) {
            throttle.failed(HERE, BAD, 0);
            assertThat(throttle.waitSeconds(HERE, BAD, 0)).as("after %d", i).isZero();
        }
        for (long wait : new long[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            throttle.failed(HERE, BAD, 0);
            assertThat(throttle.waitSeconds(HERE, BAD, 0)).isEqualTo(wait);
        }
        assertThat(throttle.waitSeconds(HERE, BAD, 59)).isEqualTo(1);
        assertThat(throttle.waitSeconds(HERE, BAD, 60)).isZero();
    }

    @Test
    void nobody_else_waits() {
        fail(20);
        assertThat(throttle.waitSeconds("192.0.2.2", BAD, 0)).isZero();
    }

    @Test
    void a_token_that_was_good_passes_until_it_fails_itself() {
        throttle.succeeded(GOOD);
        fail(20);
        assertThat(throttle.waitSeconds(HERE, GOOD, 0)).isZero();
        throttle.failed(HERE, GOOD, 0);
        assertThat(throttle.waitSeconds(HERE, GOOD, 0)).isPositive();
    }

    @Test
    void failures_are_forgotten_after_a_while() {
        fail(20);
        throttle.failed(HERE, BAD, LoginThrottle.FORGOTTEN_AFTER_SECONDS + 1);
        assertThat(throttle.waitSeconds(HERE, BAD, LoginThrottle.FORGOTTEN_AFTER_SECONDS + 1))
                .isZero();
    }

    @Test
    void however_many_addresses_fail_no_more_than_so_many_are_remembered() {
        fail(20);
        for (int i = 0; i < 2 * LoginThrottle.MAX_ADDRESSES; i++) {
            throttle.failed("address " + i, BAD, 0);
        }
        assertThat(throttle.addresses()).isEqualTo(LoginThrottle.MAX_ADDRESSES);
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            throttle.failed(HERE, BAD, 0);
        }
    }

    private static Digest token(String text) {
        return Digest.sha256(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
