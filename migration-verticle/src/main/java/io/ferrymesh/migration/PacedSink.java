package io.ferrymesh.migration;

import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/** A sink whose lane gets its credit back as its window says, at the migration's pace. */
final class PacedSink implements RecordSink {

    private final RecordSink sink;
    private final Pace.PacedLane lane;
    private final WindowBudget.LaneWindow window;
    private final BooleanSupplier mayGrow;
    private final LongConsumer delivered;
    private final LongConsumer credit;

    // lane worker only
    private long frameBytes;

    /**
     * A sink in front of another.
     *
     * @param mayGrow whether a larger window would be of use
     * @param delivered told how much was dealt with
     * @param credit gives the lane more, in place of what it is told by {@link #whenRoom}
     */
    PacedSink(
            RecordSink sink,
            Pace.PacedLane lane,
            WindowBudget.LaneWindow window,
            BooleanSupplier mayGrow,
            LongConsumer delivered,
            LongConsumer credit) {
        this.sink = sink;
        this.lane = lane;
        this.window = window;
        this.mayGrow = mayGrow;
        this.delivered = delivered;
        this.credit = credit;
    }

    @Override
    public void accept(RecordReader records) {
        received(records.remaining());
        sink.accept(records);
    }

    @Override
    public void ended() {
        received(0);
        sink.ended();
    }

    @Override
    public void whenRoom(Runnable frameByFrame) {
        long bytes = frameBytes;
        sink.whenRoom(() -> {
            delivered.accept(bytes);
            long back = window.back(bytes, mayGrow.getAsBoolean());
            giveBack(Math.min(back, bytes));
            if (back > bytes) {
                giveBack(back - bytes);
            }
        });
    }

    @Override
    public void close() {
        sink.close();
    }

    private void giveBack(long bytes) {
        lane.giveBack(bytes, () -> credit.accept(bytes));
    }

    private void received(int plainBytes) {
        frameBytes = (long) Lanes.HEADER_BYTES + plainBytes + Lanes.TAG_BYTES;
        lane.received(frameBytes);
        window.received(frameBytes);
    }
}
