package io.ferrymesh.migration;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Fills the destination's control lane: what it wants and knows, what became of each object, and the receipt. At most two
 * answers for each object of the ledger's window wait here; one of many records has them made as they are sent. Any thread
 * adds; the lane worker takes.
 */
final class AnswerSource implements FrameSource, AnswerSink {

    private final Queue<Iterator<byte[]>> answers = new ConcurrentLinkedQueue<>();
    private final Runnable delivered;
    private volatile boolean ended;

    /** With more answers than this waiting, lanes wait for their credit: a source that takes none gets no further. */
    static final int MOST_WAITING = 2 * Ledger.WINDOW;

    private final AtomicInteger waiting = new AtomicInteger();
    private final Queue<Runnable> lanes = new ConcurrentLinkedQueue<>();
    private byte @Nullable [] held; // lane worker only

    /** @param delivered runs when the source has been given the last answer */
    AnswerSource(Runnable delivered) {
        this.delivered = delivered;
    }

    @Override
    public void add(Iterator<byte[]> records) {
        waiting.incrementAndGet();
        answers.add(records);
    }

    /** Runs {@code grant} now, or once fewer answers wait. Any thread. */
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
        while ((record = next()) != null) {
            if (record.length > out.remaining()) {
                held = record;
                grantRoom();
                return Fill.MORE;
            }
            out.put(record);
        }
        grantRoom();
        return last ? Fill.DONE : Fill.IDLE;
    }

    private byte @Nullable [] next() {
        byte[] record = held;
        held = null;
        Iterator<byte[]> answer;
        while (record == null && (answer = answers.peek()) != null) {
            if (answer.hasNext()) {
                record = answer.next();
            } else {
                answers.remove();
                waiting.decrementAndGet();
            }
        }
        return record;
    }
}
