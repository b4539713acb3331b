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

    @Test
    void the_peer_is_told_when_it_is_worth_a_message() {
        long window4 = 4L << 20;
        assertThat(window.grant(window4)).isTrue();
        assertThat(window.isDue()).as("it can send nothing").isTrue();
        assertThat(window.announce()).isEqualTo(window4);
        assertThat(window.isDue()).isFalse();
        int frame = 128 << 10;
        for (int i = 0; i < 8; i++) {
            assertThat(window.isDue()).as("after %d frames", i).isFalse();
            assertThat(window.data(i, frame, i)).isEqualTo(Verdict.APPLIED);
            assertThat(window.grant(frame)).isTrue();
        }
        assertThat(window.isDue()).as("a quarter").isTrue();
    }

    @Test
    void the_peer_is_told_of_anything_before_it_stands_still() {
        assertThat(window.grant(2L << 20)).isTrue();
        assertThat(window.announce()).isEqualTo(2L << 20);
        assertThat(window.grant(1)).isTrue();
        assertThat(window.isDue()).isFalse();
        assertThat(window.data(0, 1 << 20, 0)).isEqualTo(Verdict.APPLIED);
        assertThat(window.isDue()).as("a largest frame still fits").isFalse();
        assertThat(window.data(1, 1, 0)).isEqualTo(Verdict.APPLIED);
        assertThat(window.isDue()).isTrue();
    }
}
