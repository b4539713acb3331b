package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.SegmentHasher;
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
    private @Nullable Incoming current;

    SegmentSink(DestinationBook book, Publisher publisher, Progress progress) {
        this.book = book;
        this.publisher = publisher;
        this.progress = progress;
    }

    @Override
    public void accept(RecordReader records) {
        while (records.hasNext()) {
            RecordType type = records.type();
            switch (type) {
                case BEGIN -> begin(records.u63(), records.u31());
                case BYTES -> bytes(records);
                case END -> end(Records.readDigest(records));
                case ABORT -> abort(Records.readOutcome(records));
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
        publisher.whenRoom(grant);
    }

    private void begin(long index, int segment) {
        require(!begun);
        begun = true;
        current = book.find(index).map(object -> new Incoming(object, segment)).orElse(null);
        if (current != null) {
            current.object.segments().begin(segment);
            attempt(current, current.object::start);
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
            attempt(incoming, () -> incoming.write(records.array(), at, length));
        }
    }

    private void end(Digest sent) {
        require(begun);
        begun = false;
        if (current != null) {
            Incoming incoming = current;
            current = null;
            attempt(incoming, () -> incoming.end(sent));
        }
    }

    private void abort(Outcome outcome) {
        require(begun && outcome.error() != null);
        begun = false;
        if (current != null && outcome.error() != null) {
            book.failed(current.object, outcome.error());
            current = null;
        }
    }

    private void attempt(Incoming incoming, StoreAction action) {
        try {
            action.run();
        } catch (StoreException e) {
            LOG.debug("object {} failed: {}", incoming.object.index(), e.getMessage());
            book.failed(incoming.object, DestinationObject.codeOf(e));
            current = null;
        }
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

        Incoming(DestinationObject object, int segment) {
            this.object = object;
            this.segment = segment;
            this.position = object.segments().start(segment);
            this.left = segment < object.segments().count() ? object.segments().length(segment) : 0;
        }

        void write(byte[] from, int offset, int length) throws StoreException {
            object.write(position, from, offset, length);
            hasher.update(from, offset, length);
            position += length;
            left -= length;
        }

        void end(Digest sent) throws StoreException {
            boolean stores = object.mode() == DestinationObject.Mode.STORE;
            require(!stores || left == 0);
            Digest here = stores ? hasher.finish() : object.hashStored(segment);
            if (!here.equals(sent)) {
                book.failed(object, stores ? ErrorCode.DIGEST_MISMATCH : ErrorCode.CONFLICT);
            } else if (object.segments().enter(segment, here)) {
                complete(stores);
            }
        }

        private void complete(boolean stores) {
            object.complete();
            Digest digest = object.segments().digest();
            if (stores) {
                publisher.publish(object, digest);
            } else {
                book.arrived(object, digest, Outcome.PRESENT);
            }
        }
    }
}
