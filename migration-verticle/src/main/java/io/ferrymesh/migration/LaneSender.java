package io.ferrymesh.migration;

import io.ferrymesh.mesh.FrameMemory;
import io.ferrymesh.mesh.OutboundStream;
import io.ferrymesh.scheme.LaneSealer;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Drives one outgoing lane: asks its source for a frame, seals it, writes it, and stops asking while
 * as many wait for the receiver's credit as there is room for. A few frames a turn, so lanes of many migrations alternate on
 * the same workers.
 */
final class LaneSender {

    private final OutboundStream stream;
    private final LaneSealer sealer;
    private final FrameSource source;
    private final SerialExecutor worker;
    private final Consumer<Throwable> failed;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicInteger waiting = new AtomicInteger(); // handed to the stream, not covered by credit
    private final AtomicBoolean full = new AtomicBoolean();
    private final SendRoom room;

    // lane worker only
    private boolean over;

    LaneSender(
            OutboundStream stream,
            LaneSealer sealer,
            FrameSource source,
            Executor pool,
            SendRoom room,
            Consumer<Throwable> failed) {
        this.stream = stream;
        this.sealer = sealer;
        this.source = source;
        this.failed = failed;
        this.room = room;
        this.worker = new SerialExecutor(pool, failed, Lanes.FRAMES_A_TURN);
        room.opened();
    }

    /** Says that the source may have something to send. Any thread. */
    void wake() {
        if (scheduled.compareAndSet(false, true)) {
            worker.execute(this::turn);
        }
    }

    /** Stops, wipes the key and lets go of the source. Any thread. */
    void close() {
        worker.execute(this::release);
    }

    private void turn() {
        scheduled.set(false);
        if (over || isFull()) {
            return;
        }
        ByteBuffer plain = ByteBuffer.wrap(Scratch.own().plain());
        FrameSource.Fill fill = source.fill(plain);
        if (plain.position() > 0) {
            write(Lanes.RECORDS, plain);
        }
        switch (fill) {
            case MORE -> wake();
            case IDLE -> {}
            case DONE -> finish();
        }
    }

    /** Whether enough waits; who writes the next one wakes it then. */
    private boolean isFull() {
        if (waiting.get() < room.frames()) {
            return false;
        }
        full.set(true);
        return waiting.get() >= room.frames() || !full.compareAndSet(true, false);
    }

    private void finish() {
        write(Lanes.LAST, ByteBuffer.allocate(0));
        stream.end().onSuccess(end -> source.delivered()).onFailure(failed::accept);
        release();
    }

    private void write(byte kind, ByteBuffer plain) {
        waiting.incrementAndGet();
        stream.write(seal(kind, plain)).onComplete(written -> {
            waiting.decrementAndGet();
            if (written.failed()) {
                failed.accept(written.cause());
            } else if (full.getAndSet(false)) {
                wake();
            }
        });
    }

    @SuppressWarnings("ByteBufferBackingArray") // allocated above, without an offset
    private Buffer seal(byte kind, ByteBuffer plain) {
        byte[] header = Lanes.header(kind);
        Buffer frame = FrameMemory.take(Lanes.HEADER_BYTES + plain.position() + Lanes.TAG_BYTES);
        byte[] sealed = Frames.octets(frame).array(); // from its start
        System.arraycopy(header, 0, sealed, 0, header.length);
        int unused = sealer.seal(header, plain.array(), 0, plain.position(), sealed, header.length);
        return frame;
    }

    private void release() {
        if (!over) {
            over = true;
            room.closed();
            sealer.close();
            source.close();
        }
    }
}
