package io.ferrymesh.migration;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Fills the destination's control lane: what it wants, what became of each object, and the receipt. At most two records for
 * each object of the ledger's window wait here. Any thread adds; the lane worker takes.
 */
final class AnswerSource implements FrameSource {

    private final Queue<byte[]> records = new ConcurrentLinkedQueue<>();
    private final Runnable delivered;
    private volatile boolean ended;

    /** @param delivered runs when the source has been given the last answer */
    AnswerSource(Runnable delivered) {
        this.delivered = delivered;
    }

    void add(byte[] record) {
        records.add(record);
    }

    /** Nothing will be added any more. */
    void end() {
        ended = true;
    }

    @Override
    public void delivered() {
        delivered.run();
    }

    @Override
    public Fill fill(ByteBuffer out) {
        boolean last = ended;
        byte[] record;
        while ((record = records.peek()) != null) {
            if (record.length > out.remaining()) {
                return Fill.MORE;
            }
            out.put(record);
            records.remove();
        }
        return last ? Fill.DONE : Fill.IDLE;
    }
}
