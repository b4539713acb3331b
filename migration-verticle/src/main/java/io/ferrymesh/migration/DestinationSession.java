package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.InboundStream;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.SignedReceipt;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
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
    private final Consumer<DestinationSession> over;
    private final Progress progress;

    private final AnswerSource answers = new AnswerSource(this::answered);
    private final DryLook look;
    private final Pace pace;
    private final WindowBudget windows;
    private final LaneTuner tuner;
    private final Rounds rounds;
    private final DestinationBook book;
    private final Publisher publisher;
    private final ListingSink listing;
    private final MarkKeeper mark;
    private final AtomicInteger lanesOpen;
    private final Promise<Void> quiet = Promise.promise();
    private volatile byte @Nullable [] ownReceipt;

    DestinationSession(
            EngineContext engine,
            Established established,
            MigrationRecord record,
            DestinationOrder order,
            Pace pace,
            Pool pool,
            Capacity capacity,
            RecentRate recent,
            Consumer<DestinationSession> over) {
        super(engine, established, record, 1 + established.dataLanes(), pool.share(order.owner()), capacity, LOG);
        this.order = order;
        this.over = over;
        this.pace = pace;
        this.windows = capacity.windows();
        this.progress = record.progress();
        this.tuner = new LaneTuner(
                engine.runtime(),
                established.dataLanes(),
                progress::objectsArrived,
                pace::isLimited,
                count -> answer(List.of(RoundRecords.lanes(count)).iterator()),
                recent,
                () -> stopped(new MeshException(
                        ErrorCode.OVERLOADED, "its source does not use the credit that others need")));
        TransferOptions options = order.options();
        Journal journal = options.dryRun() ? Journal.none() : order.journal();
        ResultBatches results = new ResultBatches(journal, engine.clock());
        AnswerSink toSource = this::answer;
        this.rounds = new Rounds(options, toSource::add, this::stopped, Timers.of(engine), engine.random());
        this.book = new DestinationBook(progress, results, rounds, toSource, this::allDecided);
        this.publisher = new Publisher(order.store(), options.verification(), book, share, this::failed);
        Place place = new Place(order.store(), journal, engine.clock());
        MirrorSink mirror =
                new MirrorSink(Optional.of(order.journal()).filter(kept -> options.mirror()), this::stopped);
        this.mark = new MarkKeeper(
                record.id(),
                order.store(),
                options.dryRun(),
                engine.clock(),
                marked -> answer(List.of(marked).iterator()),
                this::stopped);
        this.look = new DryLook(order.store(), options, book);
        RoomCheck room = new RoomCheck(place, () -> progress.counts().bytesMoved());
        this.listing = new ListingSink(
                place, options, book, rounds, publisher, look, room, mirror, mark, this::stopped, this::countersigned);
        this.lanesOpen = new AtomicInteger(1 + established.dataLanes());
    }

    /** Opens the lane for answers, once the source has confirmed. */
    Future<Void> start() {
        expectLanes();
        return way.peer()
                .compose(to -> lanes.open(to, Lanes.TO_SOURCE, Lanes.CONTROL, answers))
                .onSuccess(opened -> lanes.wake());
    }

    @Override
    long admit(InboundStream stream, int lane) {
        if (lane > established.dataLanes()) {
            throw Wire.invalid("lane " + lane + " was not agreed");
        }
        if (lane == Lanes.CONTROL) {
            lanes.admit(stream, lane, new CountedSink(listing, answers, this::laneEnded));
            return CONTROL_WINDOW_BYTES;
        }
        WindowBudget.LaneWindow window =
                windows.open(engine.options().laneWindowBytes(), lane > Lanes.FIRST_DATA_LANES);
        try {
            Pace.PacedLane paced = pace.open(window.first(), stream::grant);
            RecordSink segments = new CountedSink(new SegmentSink(book, publisher, progress), answers, this::laneEnded);
            RecordSink sink =
                    new PacedSink(segments, paced, window, () -> !pace.isLimited(), tuner::delivered, stream::grant);
            lanes.admit(stream, lane, sink);
            tuner.opened(lane, window, paced, stream::grant);
            return paced.firstCredit();
        } catch (MeshException e) {
            window.close();
            throw e;
        }
    }

    private void answer(Iterator<byte[]> records) {
        answers.add(records);
        lanes.wake();
    }

    private void allDecided() {
        if (!isOver() && record.to(MigrationState.VERIFYING)) {
            if (order.options().dryRun()) {
                looked();
                return;
            }
            book.flush();
            byte[] signed = Receipts.sign(engine, established, peer, record.id(), record.startedAt(), book.totals());
            ownReceipt = signed;
            answer(List.of(Records.receipt(signed)).iterator());
        }
    }

    /** A dry run ends here: the source learns that there will be nothing to sign. */
    private void looked() {
        DryRun found = look.result();
        if (record.looked(found)) {
            LOG.info("migration {} was looked at, what stands in its way: {}", record.id(), look.kinds());
        }
        answer(List.of(RoundRecords.lookedOnly()).iterator());
        answers.end();
        lanes.wake();
    }

    /** The source has been given the last answer. */
    private void answered() {
        if (record.onlyLooked()) {
            lanes.cancel(ErrorCode.CANCELLED);
        }
        finish();
    }

    /** The run cannot go on as the user wants it: that is this end's affair, and the grant can be used again. */
    private void stopped(MeshException reason) {
        fail(reason.code(), ErrorCode.CANCELLED, String.valueOf(reason.getMessage()));
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
        tuner.close();
        rounds.close();
        over.accept(this);
        lanes.quiet().compose(closed -> publisher.close()).onComplete(idle -> share.execute(this::keepTheRest));
    }

    /** Completes once it has ended and touches the store no more. */
    Future<Void> quiet() {
        return quiet.future();
    }

    /** What was decided before it ended, as far as that is possible now. Worker. */
    private void keepTheRest() {
        try {
            book.close();
            book.flush();
        } catch (RuntimeException e) {
            LOG.debug("migration {}: what became of the last objects is not kept", record.id(), e);
        }
        try {
            mark.close();
        } catch (RuntimeException e) {
            LOG.warn("migration {}: the mark of the move stays", record.id(), e);
        } finally {
            quiet.complete();
        }
    }
}
