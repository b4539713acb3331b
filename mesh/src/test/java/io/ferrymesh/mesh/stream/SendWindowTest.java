package io.ferrymesh.mesh.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.mesh.Limits;
import org.junit.jupiter.api.Test;

class SendWindowTest {

    private final SendWindow window = new SendWindow();

    @Test
    void covers_nothing_before_the_first_credit() {
        assertThat(window.covers(1)).isFalse();
        assertThatThrownBy(() -> window.use(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void covers_exactly_what_was_granted() {
        assertThat(window.credit(100, 0)).isEqualTo(Verdict.APPLIED);
        assertThat(window.covers(100)).isTrue();
        assertThat(window.covers(101)).isFalse();
        assertThat(window.use(60)).isZero();
        assertThat(window.use(40)).isEqualTo(1);
        assertThat(window.available()).isZero();
    }

    @Test
    void a_replayed_credit_grants_nothing() {
        assertThat(window.credit(100, 0)).isEqualTo(Verdict.APPLIED);
        assertThat(window.credit(100, 0)).isEqualTo(Verdict.CREDIT_INVALID);
        assertThat(window.available()).isEqualTo(100);
    }

    @Test
    void a_credit_that_goes_back_changes_nothing() {
        assertThat(window.credit(100, 0)).isEqualTo(Verdict.APPLIED);
        assertThat(window.credit(99, 0)).isEqualTo(Verdict.CREDIT_INVALID);
        assertThat(window.available()).isEqualTo(100);
    }

    @Test
    void more_than_the_largest_window_outstanding_is_refused_however_large() {
        assertThat(window.credit(Limits.MAX_WINDOW_BYTES + 1, 0)).isEqualTo(Verdict.CREDIT_INVALID);
        assertThat(window.credit(Long.MAX_VALUE, 0)).isEqualTo(Verdict.CREDIT_INVALID);
        assertThat(window.available()).isZero();
        assertThat(window.credit(Limits.MAX_WINDOW_BYTES, 0)).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void frames_taken_that_were_never_sent_are_refused() {
        assertThat(window.credit(100, 1)).isEqualTo(Verdict.CREDIT_INVALID);
    }

    @Test
    void many_small_frames_wait_until_the_receiver_has_taken_some() {
        assertThat(window.credit(1 << 20, 0)).isEqualTo(Verdict.APPLIED);
        for (int i = 0; i < Limits.MAX_FRAMES_IN_FLIGHT; i++) {
            assertThat(window.use(1)).isEqualTo(i);
        }
        assertThat(window.covers(1)).isFalse();
        assertThat(window.credit(1 << 20, 1)).isEqualTo(Verdict.APPLIED);
        assertThat(window.covers(1)).isTrue();
    }

    @Test
    void a_heartbeat_may_repeat_positions_but_not_take_them_back() {
        assertThat(window.credit(100, 0)).isEqualTo(Verdict.APPLIED);
        assertThat(window.repeat(100, 0)).isEqualTo(Verdict.APPLIED);
        assertThat(window.repeat(50, 0)).isEqualTo(Verdict.CREDIT_INVALID);
        assertThat(window.repeat(150, 0)).isEqualTo(Verdict.APPLIED);
        assertThat(window.available()).isEqualTo(150);
    }
}
