package io.ferrymesh.stores.writing;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class WrittenRangesTest {

    private static final int SEGMENT = (int) WrittenRanges.SEGMENT_BYTES;

    @Test
    void segments_grow_in_any_order_and_meet() {
        var ranges = new WrittenRanges(3L * SEGMENT);
        ranges.claim(SEGMENT, 10);
        ranges.claim(2L * SEGMENT, SEGMENT);
        ranges.claim(0, SEGMENT);
        ranges.claim(SEGMENT + 10, SEGMENT - 10);

        for (int segment = 0; segment < 3; segment++) {
            int start = segment * SEGMENT;
            assertThatIllegalArgumentException().isThrownBy(() -> ranges.claim(start, 1));
        }
    }

    @Test
    void a_write_that_leaves_a_gap_within_a_segment_is_refused() {
        var ranges = new WrittenRanges(1_000);
        ranges.claim(0, 10);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ranges.claim(11, 10))
                .withMessageContaining("in front");
    }

    @Test
    void a_write_that_runs_into_the_next_segment_s_bytes_is_refused() {
        var ranges = new WrittenRanges(2L * SEGMENT);
        ranges.claim(SEGMENT, 10);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ranges.claim(0, SEGMENT + 1))
                .withMessageContaining("before");
    }

    @Test
    void positions_that_overflow_are_refused() {
        var ranges = new WrittenRanges(Long.MAX_VALUE);

        assertThatIllegalArgumentException().isThrownBy(() -> ranges.claim(-1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> ranges.claim(Long.MAX_VALUE, 1));
    }
}
