package io.ferrymesh.mesh.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.mesh.Limits;
import org.junit.jupiter.api.Test;

class ReceiveWindowTest {

    private final ReceiveWindow window = new ReceiveWindow();

    @Test
    void takes_frames_in_order_within_the_grant() {
        assertThat(window.grant(10)).isTrue();
        assertThat(window.data(0, 4, 0)).isEqualTo(Verdict.APPLIED);
        assertThat(window.data(1, 6, 0)).isEqualTo(Verdict.APPLIED);
        assertThat(window.receivedFrames()).isEqualTo(2);
    }

    @Test
    void a_replayed_frame_changes_nothing() {
        assertThat(window.grant(10)).isTrue();
        assertThat(window.data(0, 4, 0)).isEqualTo(Verdict.APPLIED);
        assertThat(window.data(0, 4, 0)).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(window.data(1, 6, 0)).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void a_gap_changes_nothing() {
        assertThat(window.grant(10)).isTrue();
        assertThat(window.data(1, 4, 0)).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(window.data(0, 10, 0)).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void a_frame_beyond_the_grant_changes_nothing() {
        assertThat(window.grant(10)).isTrue();
        assertThat(window.data(0, 11, 0)).isEqualTo(Verdict.CREDIT_OVERRUN);
        assertThat(window.data(0, 10, 0)).isEqualTo(Verdict.APPLIED);
        assertThat(window.data(1, 1, 1)).isEqualTo(Verdict.CREDIT_OVERRUN);
    }

    @Test
    void too_many_frames_that_nobody_took_are_an_overrun() {
        assertThat(window.grant(1 << 20)).isTrue();
        for (int i = 0; i < Limits.MAX_FRAMES_IN_FLIGHT; i++) {
            assertThat(window.data(i, 1, 0)).isEqualTo(Verdict.APPLIED);
        }
        assertThat(window.data(Limits.MAX_FRAMES_IN_FLIGHT, 1, 0)).isEqualTo(Verdict.CREDIT_OVERRUN);
        assertThat(window.data(Limits.MAX_FRAMES_IN_FLIGHT, 1, 1)).isEqualTo(Verdict.APPLIED);
    }

    @Test
    void never_grants_more_than_the_largest_window() {
        assertThat(window.grant(Long.MAX_VALUE)).isTrue();
        assertThat(window.limit()).isEqualTo(Limits.MAX_WINDOW_BYTES);
        assertThat(window.grant(1)).isFalse();
        assertThat(window.data(0, 100, 0)).isEqualTo(Verdict.APPLIED);
        assertThat(window.grant(Long.MAX_VALUE)).isTrue();
        assertThat(window.limit()).isEqualTo(Limits.MAX_WINDOW_BYTES + 100);
    }
}
