package io.ferrymesh.stores.writing;

import static org.assertj.core.api.Assertions.assertThat;
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

    @Test
    void a_segment_is_whole_when_all_its_bytes_are_written_and_not_when_they_are_claimed() {
        var ranges = new WrittenRanges(2L * SEGMENT + 5);
        ranges.claim(0, SEGMENT + 3);
        assertThat(ranges.whole()).isEmpty();
        ranges.written(0, SEGMENT + 3);
        ranges.keep(2);

        assertThat(ranges.whole()).containsExactly(0, 2);
        assertThat(ranges.isWhole(1)).isFalse();
        ranges.claim(SEGMENT + 3, SEGMENT - 3);
        ranges.written(SEGMENT + 3, SEGMENT - 3);
        assertThat(ranges.whole()).containsExactly(0, 1, 2);
        assertThat(ranges.lengthOf(2)).isEqualTo(5);
        for (long segment : new long[] {-1, 3, Integer.MAX_VALUE, Long.MAX_VALUE}) {
            assertThat(ranges.lengthOf(segment)).isZero();
            assertThat(ranges.isWhole(segment)).isFalse();
            assertThat(ranges.forget(segment)).isZero();
        }
    }

    @Test
    void a_size_of_whole_segments_has_no_empty_one_behind() {
        assertThat(new WrittenRanges(2L * SEGMENT).lengthOf(2)).isZero();
        assertThat(new WrittenRanges(0).lengthOf(0)).isZero();
    }

    @Test
    void a_segment_that_is_forgotten_is_written_again_and_its_neighbours_are_not() {
        var ranges = new WrittenRanges(3L * SEGMENT);
        for (int segment = 0; segment < 3; segment++) {
            ranges.keep(segment);
        }

        assertThat(ranges.forget(1)).isEqualTo(SEGMENT);
        assertThat(ranges.forget(1)).isZero();
        assertThat(ranges.whole()).containsExactly(0, 2);
        for (long taken : new long[] {0, SEGMENT - 1, 2L * SEGMENT, 3L * SEGMENT - 1}) {
            assertThatIllegalArgumentException().isThrownBy(() -> ranges.claim(taken, 1));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> ranges.claim(SEGMENT + 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> ranges.claim(SEGMENT, SEGMENT + 1));
        ranges.claim(SEGMENT, SEGMENT);
    }

    @Test
    void what_is_forgotten_of_a_half_written_segment_is_what_was_written() {
        var ranges = new WrittenRanges(2L * SEGMENT);
        ranges.claim(0, SEGMENT + 10);
        ranges.written(0, SEGMENT + 10);

        assertThat(ranges.forget(1)).isEqualTo(10);
        assertThatIllegalArgumentException().isThrownBy(() -> ranges.claim(SEGMENT + 10, 1));
        ranges.claim(SEGMENT, 10);
        assertThat(ranges.forget(0)).isEqualTo(SEGMENT);
        ranges.claim(0, 1);
        assertThatIllegalArgumentException().isThrownBy(() -> ranges.claim(SEGMENT, 1));
    }
}
