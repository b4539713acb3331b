package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.InboundStream;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.Peer;
import io.ferrymesh.scheme.SignedReceipt;
import io.ferrymesh.stores.ObjectStore;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The source's end of an authenticated session: lists, sends what is asked for, keeps the same ledger as the destination,
 * and countersigns the receipt only if the two agree.
 */
final class SourceSession extends Session {

    private static final Logger LOG = LoggerFactory.getLogger(SourceSession.class);

    private static final long ANSWERS_WINDOW_BYTES = 8L * Lanes.FRAME_PLAINTEXT_BYTES;

    private final ObjectStore store;
    private final ReceiptLog receipts;
    private final Consumer<SourceSession> over;
    private final SourceBook book;
    private final SegmentQueue queue = new SegmentQueue();
    private final ListingSource listing;
    private @Nullable SignedReceipt countersigned; // lane worker only

    SourceSession(
            EngineContext engine,
            Established established,
            MigrationRecord record,
            SourceOffer offer,
            Workers workers,
            Consumer<SourceSession> over) {
        super(engine, established, record, 1, workers, LOG);
        this.store = offer.store();
        this.receipts = offer.receipts();
        this.over = over;
        this.book = new SourceBook(record.progress());
        this.listing = new ListingSource(store, offer.prefix(), book);
    }

    /** Opens every lane to the destination and starts the listing. */
    Future<Void> start() {
        expectLanes();
        Peer peer = engine.mesh().peer(established.peer().address());
        List<Future<Void>> opening = new ArrayList<>();
        opening.add(lanes.open(peer, Lanes.TO_DESTINATION, Lanes.CONTROL, listing));
        for (int lane = 1; lane <= established.dataLanes(); lane++) {
            opening.add(lanes.open(peer, Lanes.TO_DESTINATION, lane, new SegmentSource(store, queue)));
        }
        return Future.all(opening).<Void>mapEmpty().onSuccess(opened -> lanes.wake());
    }

    @Override
    long admit(InboundStream stream, int lane) {
        if (lane != Lanes.CONTROL) {
            throw Wire.invalid("lane " + lane + " was not agreed");
        }
        lanes.admit(stream, lane, new Answers());
        return ANSWERS_WINDOW_BYTES;
    }

    @Override
    void release() {
        over.accept(this);
    }

    /** The destination's answers. Lane worker only. */
    private final class Answers implements RecordSink {

        @Override
        public void accept(RecordReader records) {
            while (records.hasNext()) {
                RecordType type = records.type();
                switch (type) {
                    case WANT -> send(records.u63(), true);
                    case COMPARE -> send(records.u63(), false);
                    case RESULT -> book.decide(records.u63(), Records.readOutcome(records));
                    case RECEIPT -> countersign(Records.readReceipt(records));
                    default -> throw new MeshException(ErrorCode.INVALID_MESSAGE, type + " on the answers lane");
                }
            }
            lanes.wake();
        }

        @Override
        public void ended() {
            SignedReceipt receipt = countersigned;
            if (receipt == null) {
                throw new MeshException(ErrorCode.INVALID_MESSAGE, "the answers ended without a receipt");
            }
            // Only now is it known that the destination has it: until then the grant can be used again.
            if (record.complete(receipt)) {
                record.logCompletion(LOG);
            }
            finish();
        }

        private void send(long index, boolean withBytes) {
            SourceObject object = book.get(index);
            object.ask(withBytes);
            queue.add(object);
        }

        private void countersign(byte[] encoded) {
            if (isOver() || !record.to(MigrationState.VERIFYING)) {
                throw new MeshException(ErrorCode.INVALID_MESSAGE, "a receipt at the wrong time");
            }
            SignedReceipt receipt =
                    Receipts.countersign(engine, established, peer, encoded, record.id(), book.totals());
            receipts.keep(receipt);
            listing.conclude(Records.receipt(receipt.encoded()));
            queue.end();
            countersigned = receipt;
            record.countersigned(receipt);
        }
    }
}
