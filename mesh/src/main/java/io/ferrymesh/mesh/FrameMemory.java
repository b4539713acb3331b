package io.ferrymesh.mesh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Memory of large frames, used again: to clear and collect an array for each one costs as much as to encrypt it. Whoever is
 * done with a frame may say so; one that nobody gives back is the garbage collector's. Any thread.
 */
public final class FrameMemory {

    /** Holds a lane's largest frame and its message's head. */
    private static final int ARRAY_BYTES = 128 << 10;

    /** Shorter ones are not worth it. */
    private static final int LEAST_BYTES = ARRAY_BYTES / 4 * 3;

    /** Most arrays that wait for a frame, 8 MiB. */
    private static final int MOST_IDLE = 64;

    private static final ArrayBlockingQueue<byte[]> IDLE = new ArrayBlockingQueue<>(MOST_IDLE);

    private FrameMemory() {}

    /** A buffer of so many bytes in an array of its own, whose content is anything. */
    public static Buffer take(int length) {
        if (length < LEAST_BYTES || length > ARRAY_BYTES) {
            return BufferInternal.buffer(Unpooled.wrappedBuffer(new byte[length]));
        }
        byte[] idle = IDLE.poll();
        return BufferInternal.buffer(new Lent(idle == null ? new byte[ARRAY_BYTES] : idle, length));
    }

    /**
     * Gives back what {@link #take} returned, or what it was sliced from, whole; nobody may touch any part of it afterwards. Does
     * nothing for any other buffer, or the second time.
     */
    public static void giveBack(Buffer frame) {
        ByteBuf bytes = ((BufferInternal) frame).getByteBuf();
        for (ByteBuf under = bytes.unwrap(); under != null; under = under.unwrap()) {
            bytes = under;
        }
        if (bytes instanceof Lent lent) {
            lent.giveBack();
        }
    }

    /** The same for what {@link #take} returned, and nothing for a part of it, beside which others may be in use. */
    public static void giveBackOwn(Buffer frame) {
        ByteBuf bytes = ((BufferInternal) frame).getByteBuf();
        if (bytes.hasArray() && bytes.arrayOffset() + bytes.readerIndex() == 0) {
            giveBack(frame);
        }
    }

    /** An array until it is given back. */
    private static final class Lent extends UnpooledHeapByteBuf {

        private final AtomicBoolean over = new AtomicBoolean();

        Lent(byte[] array, int length) {
            super(UnpooledByteBufAllocator.DEFAULT, array, array.length);
            setIndex(0, length);
        }

        void giveBack() {
            if (over.compareAndSet(false, true)) {
                boolean unused = IDLE.offer(array());
            }
        }
    }
}
