package io.ferrymesh.migration;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Fills the destination's control lane: what it wants, what became of each object, and the receipt. At most two records for
 * each object of the ledger's window wait here. Any thread adds; the lane worker takes.
 */
final class AnswerSource implements FrameSource {

    private final Queue<byte[]> records = new ConcurrentLinkedQueue<>();
    private final Runnable delivered;
    private volatile boolean ended;

    /** With more records than this waiting, lanes wait for their credit: a source that takes no answers gets no further. */
    static final int MOST_WAITING = 2 * Ledger.WINDOW;

    private final AtomicInteger waiting = new AtomicInteger();
    private final Queue<Runnable> lanes = new ConcurrentLinkedQueue<>();

    /** @param delivered runs when the source has been given the last answer */
    AnswerSource(Runnable delivered) {
        this.delivered = delivered;
    }

    void add(byte[] record) {
        waiting.incrementAndGet();
        records.add(record);
    }

    /** Runs {@code grant} now, or once fewer records wait. Any thread. */
    void whenRoom(Runnable grant) {
        lanes.add(grant);
        grantRoom();
    }

    private void grantRoom() {
        Runnable grant;
        while (waiting.get() <= MOST_WAITING && (grant = lanes.poll()) != null) {
            grant.run();
        }
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
                grantRoom();
                return Fill.MORE;
            }
            out.put(record);
            records.remove();
            waiting.decrementAndGet();
        }
        grantRoom();
        return last ? Fill.DONE : Fill.IDLE;
    }
}
