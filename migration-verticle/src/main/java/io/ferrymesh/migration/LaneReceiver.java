package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.FrameMemory;
import io.ferrymesh.mesh.InboundStream;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.LaneOpener;
import io.ferrymesh.scheme.SealBrokenException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Drives one incoming lane: opens each frame's seal, hands its records to the sink, and returns the credit once the sink
 * has room. A frame that does not open, or whose records are not what they should be, ends the migration.
 */
final class LaneReceiver {

    private final InboundStream stream;
    private final LaneOpener opener;
    private final RecordSink sink;
    private final SerialExecutor worker;

    // lane worker only
    private boolean ended;
    private boolean over;

    LaneReceiver(InboundStream stream, LaneOpener opener, RecordSink sink, Executor pool, Consumer<Throwable> failed) {
        this.stream = stream;
        this.opener = opener;
        this.sink = sink;
        this.worker = new SerialExecutor(pool, failed, Lanes.FRAMES_A_TURN);
        stream.frames(frame -> worker.execute(() -> take(frame)));
        stream.closed()
                .onComplete(closed -> worker.execute(() -> {
                    if (!ended && !over) {
                        failed.accept(
                                closed.failed()
                                        ? closed.cause()
                                        : new MeshException(
                                                ErrorCode.INVALID_MESSAGE, "a lane stopped without its last frame"));
                    }
                }));
    }

    /** Stops, wipes the key and lets go of the sink. Completes when it has: nothing reaches the sink afterwards. Any thread. */
    Future<Void> close() {
        Promise<Void> closed = Promise.promise();
        worker.execute(() -> {
            try {
                release();
            } finally {
                closed.complete();
            }
        });
        return closed.future();
    }

    private void take(Buffer frame) {
        if (over) {
            return;
        }
        int size = frame.length();
        int length = size - Lanes.HEADER_BYTES - Lanes.TAG_BYTES;
        if (ended || length < 0 || size > Lanes.MAX_FRAME_BYTES) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "a frame of " + size + " bytes");
        }
        byte[] plain = Scratch.own().plain();
        byte kind = open(frame, plain);
        FrameMemory.giveBack(frame);
        if (kind == Lanes.LAST) {
            end(length);
        } else {
            sink.accept(new RecordReader(plain, 0, length));
        }
        sink.whenRoom(() -> stream.grant(size));
    }

    @SuppressWarnings("ByteBufferBackingArray") // with its offset
    private byte open(Buffer frame, byte[] plain) {
        ByteBuffer sealed = Frames.octets(frame);
        byte kind = frame.getByte(1);
        if (frame.getByte(0) != Lanes.VERSION || (kind != Lanes.RECORDS && kind != Lanes.LAST)) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "a frame of unknown version or kind");
        }
        try {
            int unused = opener.open(
                    Lanes.header(kind),
                    sealed.array(),
                    sealed.arrayOffset() + sealed.position() + Lanes.HEADER_BYTES,
                    frame.length() - Lanes.HEADER_BYTES,
                    plain,
                    0);
            return kind;
        } catch (SealBrokenException e) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "a frame's seal is broken", e);
        }
    }

    private void end(int length) {
        if (length != 0) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "a last frame holds no records");
        }
        ended = true;
        sink.ended();
    }

    private void release() {
        if (!over) {
            over = true;
            opener.close();
            sink.close();
        }
    }
}
