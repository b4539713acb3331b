package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.SegmentHasher;
import io.ferrymesh.scheme.Voucher;
import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectMetadata;
import io.ferrymesh.stores.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a data lane: writes and hashes segments, compares their digests with the source's, and hands complete objects to
 * the publisher. A failure of one object is recorded and the rest of its bytes passed over. Lane worker only.
 */
final class SegmentSink implements RecordSink {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentSink.class);

    private final DestinationBook book;
    private final Publisher publisher;
    private final Progress progress;
    private boolean begun;
    private FrameHold frame = new FrameHold();
    private @Nullable Incoming current;

    SegmentSink(DestinationBook book, Publisher publisher, Progress progress) {
        this.book = book;
        this.publisher = publisher;
        this.progress = progress;
    }

    @Override
    public void accept(RecordReader records) {
        frame = new FrameHold();
        while (records.hasNext()) {
            RecordType type = records.type();
            switch (type) {
                case BEGIN -> begin(records.u63(), records.u31(), 0);
                case BEGIN_AGAIN -> begin(records.u63(), records.u31(), records.u8());
                case META -> metadata(MetaRecord.read(records));
                case BYTES -> bytes(records);
                case END -> end(Records.readDigest(records), Records.readVoucher(records));
                case ABORT -> abort(RoundRecords.readSourceCode(records));
                default -> throw new MeshException(ErrorCode.INVALID_MESSAGE, type + " on a data lane");
            }
        }
    }

    @Override
    public void ended() {
        require(!begun);
    }

    @Override
    public void whenRoom(Runnable grant) {
        frame.release(grant);
    }

    private void begin(long index, int segment, int round) {
        require(!begun);
        begun = true;
        DestinationObject object = book.find(index).orElse(null);
        int expected = object == null ? round : object.target().round().number();
        require(round <= expected);
        current = object == null || round < expected ? null : new Incoming(object, segment);
        if (current != null) {
            current.object.segments().begin(segment);
        }
    }

    private void metadata(ObjectMetadata metadata) {
        require(begun);
        if (current != null) {
            require(!current.started && !current.object.info().path().isDirectory());
            if (!current.object.carried().take(metadata)) {
                fail(current, Setback.passing(ErrorCode.SOURCE_CHANGED));
            }
        }
    }

    private void bytes(RecordReader records) {
        require(begun);
        int length = records.u31();
        int at = records.skip(length);
        progress.moved(length);
        if (current != null) {
            Incoming incoming = current;
            require(incoming.object.mode() == DestinationObject.Mode.STORE && length <= incoming.left);
            attempt(incoming, () -> {
                incoming.start();
                incoming.write(records.array(), at, length);
            });
        }
    }

    private void end(Digest sent, Voucher voucher) {
        require(begun);
        begun = false;
        if (current != null) {
            Incoming incoming = current;
            current = null;
            attempt(incoming, () -> {
                incoming.start();
                incoming.end(sent, voucher);
            });
        }
    }

    private void abort(ErrorCode code) {
        require(begun);
        begun = false;
        if (current != null) {
            fail(current, Setback.passing(code));
        }
    }

    private void attempt(Incoming incoming, StoreAction action) {
        try {
            action.run();
        } catch (StoreException e) {
            LOG.debug("object {} failed: {}", incoming.object.index(), e.getMessage());
            fail(incoming, Setback.of(e));
        }
    }

    private void fail(Incoming incoming, Setback setback) {
        book.failed(incoming.object, setback);
        current = null;
    }

    private static void require(boolean asExpected) {
        if (!asExpected) {
            throw new MeshException(ErrorCode.INVALID_MESSAGE, "records of a segment out of order");
        }
    }

    /** Something a store may refuse. */
    private interface StoreAction {
        void run() throws StoreException;
    }

    /** A segment being received. */
    private final class Incoming {

        private final DestinationObject object;
        private final int segment;
        private final SegmentHasher hasher = new SegmentHasher();
        private long position;
        private int left;
        private boolean started;

        Incoming(DestinationObject object, int segment) {
            this.object = object;
            this.segment = segment;
            this.position = object.segments().start(segment);
            this.left = segment < object.segments().count() ? object.segments().length(segment) : 0;
        }

        /** Once all of its metadata is there. */
        void start() throws StoreException {
            if (!started) {
                started = true;
                object.start(segment);
            }
        }

        void write(byte[] from, int offset, int length) throws StoreException {
            object.write(position, from, offset, length);
            hasher.update(from, offset, length);
            position += length;
            left -= length;
        }

        void end(Digest sent, Voucher voucher) throws StoreException {
            boolean stores = object.mode() == DestinationObject.Mode.STORE;
            require(!stores || left == 0);
            Digest here = stores ? hasher.finish() : object.hashStored(segment);
            progress.step();
            if (!here.equals(sent)) {
                book.failed(object, stores ? Setback.passing(ErrorCode.DIGEST_MISMATCH) : differs());
                return;
            }
            switch (object.verified(new SafeSegment(segment, here, voucher))) {
                case MORE -> {}
                case DUE -> publisher.makeSafe(object);
                case COMPLETE -> complete(stores);
            }
        }

        private void complete(boolean stores) {
            object.complete();
            Digest digest = object.segments().digest();
            if (stores) {
                FrameHold held = frame;
                held.hold();
                publisher.publish(object, digest, held::settled);
            } else {
                present(digest);
            }
        }

        private void present(Digest digest) {
            boolean same = object.compared()
                    .map(there -> object.carried().isIn(there.metadata()))
                    .orElse(true);
            if (!same && object.carried().policy() == MetadataPolicy.REQUIRE) {
                book.failed(object, differs());
                return;
            }
            if (!same) {
                object.carried().notKept();
            }
            book.present(object, digest);
        }

        private Setback differs() {
            return Setback.differs(object.compared().map(ObjectDetails::etag));
        }
    }
}
