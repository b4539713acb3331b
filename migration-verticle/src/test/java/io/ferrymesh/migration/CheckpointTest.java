package io.ferrymesh.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.SegmentHasher;
import io.ferrymesh.scheme.Voucher;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CheckpointTest {

    private static final Digest DIGEST = new SegmentHasher().finish();

    private Instant now = Instant.EPOCH;
    private final Checkpoint checkpoint = new Checkpoint(64, () -> now);
    private int segments;

    private Checkpoint.Due add(int length) {
        return checkpoint.add(new SafeSegment(segments++, DIGEST, Voucher.of(new byte[Voucher.LENGTH])), length);
    }

    @Test
    void a_quarter_is_due_soon_and_said_once() {
        assertThat(add(15)).isEqualTo(Checkpoint.Due.NOT_YET);
        assertThat(add(1)).isEqualTo(Checkpoint.Due.SOON);
        assertThat(add(16)).isEqualTo(Checkpoint.Due.NOT_YET);

        Checkpoint.Taken taken = checkpoint.take();
        assertThat(taken.segments()).extracting(SafeSegment::segment).containsExactly(0, 1, 2);
        assertThat(taken.bytes()).isEqualTo(32);
        assertThat(add(16)).as("the next ones").isEqualTo(Checkpoint.Due.SOON);
    }

    @Test
    void a_lane_does_it_itself_when_nobody_keeps_up() {
        assertThat(add(32)).isEqualTo(Checkpoint.Due.SOON);
        Checkpoint.Taken taken = checkpoint.take();
        assertThat(add(31)).isEqualTo(Checkpoint.Due.SOON);
        assertThat(add(1)).as("with what is being made safe").isEqualTo(Checkpoint.Due.NOW);
        assertThat(add(1)).isEqualTo(Checkpoint.Due.NOW);
        checkpoint.done(taken);
        assertThat(add(1)).isEqualTo(Checkpoint.Due.NOT_YET);
    }

    @Test
    void a_little_is_due_after_a_while() {
        assertThat(add(1)).isEqualTo(Checkpoint.Due.NOT_YET);
        now = now.plusMillis(4_999);
        assertThat(add(1)).isEqualTo(Checkpoint.Due.NOT_YET);
        now = now.plusMillis(1);
        assertThat(add(1)).isEqualTo(Checkpoint.Due.SOON);
        assertThat(checkpoint.take().segments()).hasSize(3);
        assertThat(add(1)).isEqualTo(Checkpoint.Due.NOT_YET);
    }
}
