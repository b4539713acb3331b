package io.ferrymesh.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FrameMemoryTest {

    private static final int LARGE = 120 << 10;

    private static byte[] array(Buffer buffer) {
        return ((BufferInternal) buffer).getByteBuf().array();
    }

    @Test
    void a_frame_has_the_length_that_was_asked_for() {
        for (int length : new int[] {1, 96 << 10, LARGE, 128 << 10, (128 << 10) + 1, 1 << 20}) {
            assertThat(FrameMemory.take(length).length()).isEqualTo(length);
        }
    }

    @Test
    void what_is_given_back_serves_one_other_frame() {
        Buffer frame = FrameMemory.take(LARGE);
        byte[] array = array(frame);
        Buffer slice = frame.slice(10, 20).slice(1, 2);
        FrameMemory.giveBack(slice);
        FrameMemory.giveBack(frame); // the second time

        Set<byte[]> taken = Collections.newSetFromMap(new IdentityHashMap<>());
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            byte[] next = array(FrameMemory.take(LARGE));
            assertThat(taken.add(next)).as("nobody else has it").isTrue();
            all.add(next);
        }
        assertThat(all).anyMatch(next -> next == array);
    }

    @Test
    void other_buffers_are_let_alone() {
        Buffer other = Buffer.buffer(new byte[LARGE]);
        FrameMemory.giveBack(other);
        FrameMemory.giveBack(other.slice(0, 5));
        other.setByte(3, (byte) 7);
        for (int i = 0; i < 100; i++) {
            assertThat(array(FrameMemory.take(LARGE))).isNotSameAs(array(other));
        }
    }

    @Test
    void a_part_is_not_ones_own() {
        Buffer frame = FrameMemory.take(LARGE);
        FrameMemory.giveBackOwn(frame.slice(10, LARGE));
        for (int i = 0; i < 100; i++) {
            assertThat(array(FrameMemory.take(LARGE))).isNotSameAs(array(frame));
        }
        FrameMemory.giveBackOwn(frame);
        List<byte[]> taken = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            taken.add(array(FrameMemory.take(LARGE)));
        }
        assertThat(taken).anyMatch(next -> next == array(frame));
    }
}
