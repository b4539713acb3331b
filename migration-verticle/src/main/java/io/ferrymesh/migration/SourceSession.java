package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.InboundStream;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.mesh.Peer;
import io.ferrymesh.scheme.SignedReceipt;
import io.ferrymesh.stores.ObjectStore;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    private final Departures departures;
    private final SegmentQueue queue = new SegmentQueue();
    private final ListingSource listing;
    private final List<SegmentSource> segments = new ArrayList<>(); // one a data lane
    private final Claims claims;
    private final String owner;
    private volatile long stirredNanos;
    private final Optional<MoveMark> mark;
    private boolean marked; // lane worker only
    private boolean mayMove; // lane worker only
    private volatile int lanesUsed = Lanes.FIRST_DATA_LANES;
    private @Nullable SignedReceipt countersigned; // lane worker only

    SourceSession(
            EngineContext engine,
            Established established,
            MigrationRecord record,
            SourceOffer offer,
            Pool pool,
            Capacity capacity,
            Consumer<SourceSession> over) {
        super(engine, established, record, 1, pool.share(offer.owner()), capacity, LOG);
        this.store = offer.store();
        this.owner = offer.owner();
        this.stirredNanos = engine.runtime().nanoTime();
        this.receipts = offer.receipts();
        this.over = over;
        this.departures = new Departures(offer.departures());
        this.mark = offer.departures().map(log -> new MoveMark(record.id(), offer.prefix()));
        this.book = new SourceBook(record.progress(), queue, departures);
        Outage outage = new Outage();
        this.listing = new ListingSource(
                store, new Scope(offer.prefix(), offer.departures().isPresent()), book, outage, mark);
        this.claims = new Claims(book, offer.vouchers().vouchers(record.id()), binding(), listing::reply);
        for (int lane = 1; lane <= established.dataLanes(); lane++) {
            int number = lane;
            segments.add(new SegmentSource(
                    store,
                    queue,
                    offer.vouchers().vouchers(record.id()),
                    binding(),
                    outage,
                    () -> number <= lanesUsed));
        }
    }

    /** In a move a voucher is for what the store called the content that was read; otherwise for what the listing says. */
    private ContentNames binding() {
        return mark.isPresent() ? ContentNames.of(store) : ContentNames.NONE;
    }

    /** Opens every lane to the destination and starts the listing. */
    Future<Void> start() {
        expectLanes();
        return way.peer().compose(this::open).onSuccess(opened -> lanes.wake());
    }

    private Future<Void> open(Peer to) {
        List<Future<Void>> opening = new ArrayList<>();
        opening.add(lanes.open(to, Lanes.TO_DESTINATION, Lanes.CONTROL, new Stirring(listing)));
        for (int lane = 1; lane <= established.dataLanes(); lane++) {
            opening.add(lanes.open(to, Lanes.TO_DESTINATION, lane, new Stirring(segments.get(lane - 1))));
        }
        return Future.all(opening).mapEmpty();
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
        lanes.quiet().onComplete(quiet -> share.execute(this::departed));
    }

    /** Worker. */
    private void departed() {
        try {
            departures.over();
        } catch (RuntimeException e) {
            LOG.debug("migration {}: it is not known yet that its run is over", record.id(), e);
        }
    }

    /** Whose grant it is of. */
    String owner() {
        return owner;
    }

    /** For how long the destination has neither answered nor taken anything. */
    long stillNanos(long nowNanos) {
        return nowNanos - stirredNanos;
    }

    private void stirred() {
        stirredNanos = engine.runtime().nanoTime();
        record.progress().step();
    }

    /** What a lane sends, noted as it goes: no frame more is filled than the destination has taken, but for a few. */
    private final class Stirring implements FrameSource {

        private final FrameSource source;

        Stirring(FrameSource source) {
            this.source = source;
        }

        @Override
        public Fill fill(ByteBuffer out) {
            int before = out.position();
            Fill fill = source.fill(out);
            if (out.position() > before) {
                stirred();
            }
            return fill;
        }

        @Override
        public void delivered() {
            source.delivered();
        }

        @Override
        public void close() {
            source.close();
        }
    }

    /** The destination's answers. Lane worker only. */
    private final class Answers implements RecordSink {

        @Override
        public void accept(RecordReader records) {
            stirred();
            while (records.hasNext()) {
                RecordType type = records.type();
                switch (type) {
                    case WANT -> send(records.u63(), true);
                    case COMPARE -> send(records.u63(), false);
                    case KNOWN -> claims.known(records);
                    case WANT_REST -> claims.rest(records).ifPresent(queue::add);
                    case RESULT -> book.decide(records.u63(), Records.readOutcome(records));
                    case LOOK -> listing.again(records.u63(), records.u8());
                    case PROBE -> listing.probe(Probed.readQuestion(records));
                    case LANES -> use(records.u8());
                    case MARKED -> begin(Records.readFlag(records));
                    case LOOKED_ONLY -> fail(ErrorCode.CANCELLED, "the destination only looked");
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
            departures.completed();
            // Only now is it known that the destination has it: until then the grant can be used again.
            if (record.complete(receipt)) {
                record.logCompletion(LOG);
            }
            finish();
        }

        /** Nothing that moves is listed before it is known not to be what has arrived. */
        private void begin(boolean there) {
            if (mark.isEmpty() || marked) {
                throw new MeshException(ErrorCode.INVALID_MESSAGE, "a mark that was not asked for");
            }
            marked = true;
            if (there) {
                departures.begins();
                mark.get().requireElsewhere(store);
                mayMove = true;
            }
            listing.begin();
        }

        private void use(int count) {
            if (count < 1 || count > established.dataLanes()) {
                throw new MeshException(ErrorCode.INVALID_MESSAGE, count + " lanes were not agreed");
            }
            lanesUsed = count;
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
            if (mark.isPresent() && !mayMove) {
                throw new MeshException(ErrorCode.INVALID_MESSAGE, "a receipt of a move without its mark");
            }
            departures.flush();
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
