package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.InboundStream;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.LaneOpener;
import io.ferrymesh.scheme.SealBrokenException;
import io.vertx.core.buffer.Buffer;
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
    private final byte[] plain = new byte[Lanes.FRAME_PLAINTEXT_BYTES];
    private boolean ended;
    private boolean over;

    LaneReceiver(InboundStream stream, LaneOpener opener, RecordSink sink, Executor pool, Consumer<Throwable> failed) {
        this.stream = stream;
        this.opener = opener;
        this.sink = sink;
        this.worker = new SerialExecutor(pool, failed);
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

    /** Stops, wipes the key and lets go of the sink. Any thread. */
    void close() {
        worker.execute(this::release);
    }

    private void take(Buffer frame) {
        if (over) {
            return;
        }
        byte[] sealed = frame.getBytes();
        byte kind = open(sealed);
        int length = sealed.length - Lanes.HEADER_BYTES - Lanes.TAG_BYTES;
        if (kind == Lanes.LAST) {
            ended = true;
            sink.ended();
        } else {
            sink.accept(new RecordReader(plain, 0, length));
        }
        sink.whenRoom(() -> stream.grant(sealed.length));
    }

    private byte open(byte[] sealed) {
        int overhead = Lanes.HEADER_BYTES + Lanes.TAG_BYTES;
        if (ended || sealed.length < overhead || sealed.length > overhead + plain.length) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "a frame of " + sealed.length + " bytes");
        }
        byte kind = sealed[1];
        if (sealed[0] != Lanes.VERSION || (kind != Lanes.RECORDS && kind != Lanes.LAST)) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "a frame of unknown version or kind");
        }
        try {
            int opened = opener.open(
                    Lanes.header(kind), sealed, Lanes.HEADER_BYTES, sealed.length - Lanes.HEADER_BYTES, plain, 0);
            if (kind == Lanes.LAST && opened != 0) {
                throw new MeshException(ErrorCode.INVALID_MESSAGE, "a last frame holds no records");
            }
            return kind;
        } catch (SealBrokenException e) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "a frame's seal is broken", e);
        }
    }

    private void release() {
        if (!over) {
            over = true;
            opener.close();
            sink.close();
        }
    }
}
