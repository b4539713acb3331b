package io.ferrymesh.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaneTest {

    private static final byte[] HEADER = {9, 8, 7};
    private static final byte[] TRAFFIC = Bytes.random(Seeded.random(4), 32);

    private final TrafficKey outgoing = new TrafficKey(TRAFFIC, true);
    private final TrafficKey incoming = new TrafficKey(TRAFFIC, false);

    private static byte[] seal(LaneSealer sealer, byte[] plaintext) {
        byte[] out = new byte[plaintext.length + LaneSealer.OVERHEAD];
        assertThat(sealer.seal(HEADER, plaintext, 0, plaintext.length, out, 0)).isEqualTo(out.length);
        return out;
    }

    private static byte[] open(LaneOpener opener, byte[] header, byte[] sealed) {
        byte[] out = new byte[Math.max(0, sealed.length - LaneSealer.OVERHEAD)];
        assertThat(opener.open(header, sealed, 0, sealed.length, out, 0)).isEqualTo(out.length);
        return out;
    }

    private static void requireBroken(LaneOpener opener, byte[] header, byte[] sealed) {
        assertThatThrownBy(() -> open(opener, header, sealed)).isInstanceOf(SealBrokenException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16383, 16384, 16385, 65536, 262144 + 3})
    void frames_of_any_size_come_back_within_larger_buffers(int size) {
        byte[] plaintext = Bytes.random(Seeded.random(size), size);
        byte[] in = Bytes.concat(new byte[5], plaintext, new byte[5]);
        byte[] sealed = new byte[size + LaneSealer.OVERHEAD + 7];
        int length = outgoing.sealer(0).seal(HEADER, in, 5, size, sealed, 3);
        assertThat(length).isEqualTo(size + LaneSealer.OVERHEAD);
        byte[] back = new byte[size + 9];
        assertThat(incoming.opener(0).open(HEADER, sealed, 3, length, back, 4)).isEqualTo(size);
        assertThat(Arrays.copyOfRange(back, 4, 4 + size)).isEqualTo(plaintext);
    }

    @Test
    void only_the_next_frame_is_accepted_and_a_refused_one_changes_nothing() {
        LaneSealer sealer = outgoing.sealer(1);
        LaneOpener opener = incoming.opener(1);
        byte[] first = seal(sealer, new byte[] {1});
        byte[] second = seal(sealer, new byte[] {2});
        requireBroken(opener, HEADER, second);
        requireBroken(opener, new byte[] {9, 8, 6}, first);
        requireBroken(opener, HEADER, Arrays.copyOf(first, first.length - 1));
        requireBroken(opener, HEADER, new byte[3]);
        assertThat(open(opener, HEADER, first)).containsExactly(1);
        requireBroken(opener, HEADER, first);
        assertThat(open(opener, HEADER, second)).containsExactly(2);
    }

    @Test
    void a_broken_frame_leaves_nothing_in_the_buffer() {
        byte[] sealed = seal(outgoing.sealer(0), Bytes.random(Seeded.random(1), 100_000));
        sealed[sealed.length - 1] ^= 1;
        byte[] out = new byte[100_000];
        LaneOpener opener = incoming.opener(0);
        assertThatThrownBy(() -> opener.open(HEADER, sealed, 0, sealed.length, out, 0))
                .isInstanceOf(SealBrokenException.class);
        assertThat(out).containsOnly(0);
    }

    @Test
    void frames_of_another_lane_or_direction_are_refused() {
        byte[] sealed = seal(outgoing.sealer(1), new byte[] {1});
        requireBroken(incoming.opener(2), HEADER, sealed);
        requireBroken(new TrafficKey(new byte[32], false).opener(1), HEADER, sealed);
    }

    @Test
    void a_lane_is_handed_out_once_and_in_its_direction_only() {
        LaneSealer unused = outgoing.sealer(3);
        assertThatIllegalStateException().isThrownBy(() -> outgoing.sealer(3)).withMessageContaining("lane 3");
        assertThatIllegalStateException().isThrownBy(() -> outgoing.opener(4));
        assertThatIllegalStateException().isThrownBy(() -> incoming.sealer(4));
        assertThatIllegalArgumentException().isThrownBy(() -> outgoing.sealer(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> outgoing.sealer(TrafficKey.MAX_LANES));
    }

    @Test
    void the_last_counter_is_never_used() {
        LaneSealer sealer = new LaneSealer(outgoing.laneKey(5), -2L);
        LaneOpener opener = new LaneOpener(incoming.laneKey(5), -2L);
        assertThat(open(opener, HEADER, seal(sealer, new byte[] {1}))).containsExactly(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> seal(sealer, new byte[] {2}))
                .withMessageContaining("used up");
        assertThatIllegalStateException()
                .isThrownBy(() -> open(opener, HEADER, new byte[20]))
                .withMessageContaining("used up");
    }

    @Test
    void a_buffer_too_small_is_noticed_before_a_counter_is_spent() {
        LaneSealer sealer = outgoing.sealer(0);
        assertThatThrownBy(() -> sealer.seal(HEADER, new byte[8], 0, 8, new byte[23], 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(open(incoming.opener(0), HEADER, seal(sealer, new byte[] {1})))
                .containsExactly(1);
    }

    @Test
    void closed_lanes_and_keys_fail() {
        LaneSealer sealer = outgoing.sealer(0);
        LaneOpener opener = incoming.opener(0);
        byte[] sealed = seal(sealer, new byte[] {1});
        sealer.close();
        opener.close();
        outgoing.close();
        assertThatIllegalStateException().isThrownBy(() -> seal(sealer, new byte[] {1}));
        assertThatIllegalStateException().isThrownBy(() -> open(opener, HEADER, sealed));
        assertThatIllegalStateException().isThrownBy(() -> outgoing.sealer(1));
    }

    @Test
    void a_lane_outlives_its_traffic_key() {
        LaneSealer sealer = outgoing.sealer(0);
        LaneOpener opener = incoming.opener(0);
        outgoing.close();
        incoming.close();
        assertThat(open(opener, HEADER, seal(sealer, new byte[] {1}))).containsExactly(1);
    }
}
