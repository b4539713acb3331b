package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.InboundStream;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.SignedReceipt;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The destination's end of an authenticated session: takes the listing, asks, stores, and at the end signs a receipt and
 * waits for the source's signature under it.
 */
final class DestinationSession extends Session {

    private static final Logger LOG = LoggerFactory.getLogger(DestinationSession.class);

    /** Credit for the listing, enough for a few frames. */
    private static final long CONTROL_WINDOW_BYTES = 8L * Lanes.FRAME_PLAINTEXT_BYTES;

    private final DestinationOrder order;
    private final Workers workers;
    private final Consumer<DestinationSession> over;
    private final Progress progress;

    private final AnswerSource answers = new AnswerSource(this::finish);
    private final DestinationBook book;
    private final Publisher publisher;
    private final ListingSink listing;
    private final AtomicInteger lanesOpen;
    private final Promise<Void> quiet = Promise.promise();
    private volatile byte @Nullable [] ownReceipt;

    DestinationSession(
            EngineContext engine,
            Established established,
            MigrationRecord record,
            DestinationOrder order,
            Workers workers,
            Consumer<DestinationSession> over) {
        super(engine, established, record, 1 + established.dataLanes(), workers, LOG);
        this.order = order;
        this.workers = workers;
        this.over = over;
        this.progress = record.progress();
        ResultBatches results = new ResultBatches(order.objects(), engine.clock());
        this.book = new DestinationBook(progress, results, this::answer, this::allDecided);
        this.publisher = new Publisher(order.store(), book, workers, this::failed);
        this.listing = new ListingSink(order.store(), book, this::countersigned);
        this.lanesOpen = new AtomicInteger(1 + established.dataLanes());
    }

    /** Opens the lane for answers, once the source has confirmed. */
    Future<Void> start() {
        expectLanes();
        return lanes.open(engine.mesh().peer(established.peer().address()), Lanes.TO_SOURCE, Lanes.CONTROL, answers)
                .onSuccess(opened -> lanes.wake());
    }

    @Override
    long admit(InboundStream stream, int lane) {
        if (lane > established.dataLanes()) {
            throw Wire.invalid("lane " + lane + " was not agreed");
        }
        boolean control = lane == Lanes.CONTROL;
        RecordSink sink = control ? listing : new SegmentSink(book, publisher, progress);
        lanes.admit(stream, lane, new CountedSink(sink, answers, this::laneEnded));
        return control ? CONTROL_WINDOW_BYTES : engine.options().laneWindowBytes();
    }

    private void answer(byte[] answer) {
        answers.add(answer);
        lanes.wake();
    }

    private void allDecided() {
        if (!isOver() && record.to(MigrationState.VERIFYING)) {
            book.flush();
            byte[] signed = Receipts.sign(engine, established, peer, record.id(), record.startedAt(), book.totals());
            ownReceipt = signed;
            answer(Records.receipt(signed));
        }
    }

    private void countersigned(byte[] encoded) {
        byte[] signed = ownReceipt;
        if (signed == null || isOver()) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "a receipt that was not asked for");
        }
        SignedReceipt receipt = Receipts.checkCountersigned(established, signed, encoded);
        order.receipts().keep(receipt);
        if (record.complete(receipt)) {
            record.logCompletion(LOG);
        }
    }

    /** The source ends every lane behind its receipt. */
    private void laneEnded() {
        if (lanesOpen.decrementAndGet() == 0) {
            if (record.state() != MigrationState.COMPLETED) {
                throw new MeshException(ErrorCode.INVALID_MESSAGE, "the lanes ended without a receipt");
            }
            answers.end();
            lanes.wake();
        }
    }

    @Override
    void release() {
        book.close();
        over.accept(this);
        lanes.quiet().compose(closed -> publisher.close()).onComplete(idle -> workers.execute(this::keepTheRest));
    }

    /** Completes once it has ended and touches the store no more. */
    Future<Void> quiet() {
        return quiet.future();
    }

    /** What was decided before it ended, as far as that is possible now. Worker. */
    private void keepTheRest() {
        try {
            book.close(); // of what its lanes had still begun
            book.flush();
        } catch (RuntimeException e) {
            LOG.debug("migration {}: what became of the last objects is not kept", record.id(), e);
        } finally {
            quiet.complete();
        }
    }
}
