package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.scheme.Digest;
import io.ferrymesh.scheme.SegmentHasher;
import io.ferrymesh.scheme.Voucher;
import io.ferrymesh.scheme.Vouchers;
import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectReader;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a data lane: takes segments from the queue, reads, hashes and packs them, small objects many to a frame. An object
 * that cannot be read, or is not what was listed, is aborted by a record; the others go on. Lane worker only.
 */
final class SegmentSource implements FrameSource {

    /** Room a record other than BYTES needs, with some to spare. */
    private static final int RECORD_ROOM = 64;

    private static final int BYTES_HEADER = 1 + 4;

    /** How much is hashed without sending anything before other lanes get their turn. */
    private static final long QUIET_BYTES_A_TURN = 4L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(SegmentSource.class);

    private final ObjectStore store;
    private final SegmentQueue queue;
    private final Vouchers vouchers;
    private final ContentNames names;
    private final Outage outage;
    private final BooleanSupplier used;
    private @Nullable OpenSegment current;
    private long quiet;

    /**
     * A lane's source.
     *
     * @param used whether the lane takes segments; one that does not finishes what it has begun
     */
    SegmentSource(
            ObjectStore store,
            SegmentQueue queue,
            Vouchers vouchers,
            ContentNames names,
            Outage outage,
            BooleanSupplier used) {
        this.names = names;
        this.store = store;
        this.queue = queue;
        this.vouchers = vouchers;
        this.outage = outage;
        this.used = used;
    }

    @Override
    public Fill fill(ByteBuffer out) {
        quiet = 0;
        while (out.remaining() >= RECORD_ROOM && quiet < QUIET_BYTES_A_TURN) {
            if (current != null && current.meta != null && out.remaining() < RECORD_ROOM + MetaRecord.MAX_BYTES) {
                return Fill.MORE;
            } else if (current == null) {
                SegmentQueue.Task task = used.getAsBoolean() ? queue.poll().orElse(null) : null;
                if (task == null) {
                    return queue.ended() ? Fill.DONE : Fill.IDLE;
                }
                current = begin(task, out);
            } else {
                advance(current, out);
            }
        }
        return Fill.MORE;
    }

    @Override
    public void close() {
        closeCurrent();
    }

    private @Nullable OpenSegment begin(SegmentQueue.Task task, ByteBuffer out) {
        SourceObject object = task.object();
        boolean first = object.round() == 0;
        out.put((first ? RecordType.BEGIN : RecordType.BEGIN_AGAIN).code())
                .putLong(object.index())
                .putInt(task.segment());
        if (!first) {
            out.put((byte) object.round());
        }
        try {
            return new OpenSegment(object, task.segment());
        } catch (StoreException e) {
            abort(object, e, out);
            return null;
        }
    }

    private void advance(OpenSegment segment, ByteBuffer out) {
        try {
            if (segment.object.abandoned()) {
                abort(segment.object, new StoreException(StoreError.NOT_FOUND, "not wanted any more"), out);
                closeCurrent();
            } else if (segment.meta != null) {
                out.put(segment.meta);
                segment.meta = null;
            } else if (segment.left > 0) {
                segment.read(out);
            } else {
                segment.end(out);
                closeCurrent();
            }
        } catch (StoreException e) {
            closeCurrent();
            abort(segment.object, e, out);
        }
    }

    private void abort(SourceObject object, StoreException cause, ByteBuffer out) {
        ErrorCode code =
                switch (cause.error()) {
                    case NOT_FOUND, EXISTS, CHANGED -> ErrorCode.SOURCE_CHANGED;
                    default -> ErrorCode.SOURCE_UNREADABLE;
                };
        if (!object.abandoned()) {
            LOG.debug("object {} is not sent: {}", object.index(), cause.getMessage());
            if (Outage.isOne(cause)) {
                outage.requireShort(object.round());
            }
        }
        byte[] name = object.fail(code).name().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        out.put(RecordType.ABORT.code()).putShort((short) name.length).put(name);
    }

    private void closeCurrent() {
        if (current != null) {
            current.close();
            current = null;
        }
    }

    /** A segment being read. */
    private final class OpenSegment {

        private final SourceObject object;
        private final int segment;
        private final @Nullable ObjectReader reader;
        private final SegmentHasher hasher = new SegmentHasher();
        private byte @Nullable [] meta;
        private String content = "";
        private long position;
        private int left;

        OpenSegment(SourceObject object, int segment) throws StoreException {
            this.object = object;
            this.segment = segment;
            this.position = object.segments().start(segment);
            this.left = object.segments().length(segment);
            this.reader = object.info().path().isDirectory()
                    ? null
                    : store.open(object.info().path());
            if (reader != null && !reader.info().equals(object.info())) {
                reader.close();
                throw changed();
            }
            if (reader != null) {
                ObjectDetails details = reader.details();
                object.readAs(details.etag());
                content = names.read(details);
                meta = details.metadata().isEmpty() ? null : MetaRecord.of(details.metadata());
            }
        }

        @SuppressWarnings("ByteBufferBackingArray") // the lane allocates it, without an offset
        void read(ByteBuffer out) throws StoreException {
            if (object.withBytes()) {
                int want = Math.min(left, out.remaining() - BYTES_HEADER);
                int at = out.position() + BYTES_HEADER;
                readFully(out.array(), at, want);
                out.put(RecordType.BYTES.code()).putInt(want).position(at + want);
            } else {
                byte[] scratch = Scratch.own().sealed(); // nothing is sealed within this turn before this one is full
                readFully(scratch, 0, Math.min(left, scratch.length));
                quiet += scratch.length;
            }
        }

        private void readFully(byte[] into, int offset, int length) throws StoreException {
            if (reader == null || reader.read(position, into, offset, length) != length) {
                throw changed();
            }
            hasher.update(into, offset, length);
            position += length;
            left -= length;
        }

        void end(ByteBuffer out) throws StoreException {
            if (reader != null && !reader.current().equals(object.info())) {
                throw changed();
            }
            outage.over();
            Digest digest = hasher.finish();
            ObjectInfo info = object.info();
            Voucher voucher =
                    vouchers.issue(info.path().utf8(), info.size(), info.modified(), segment, digest, content);
            out.put(RecordType.END.code()).put(digest.bytes()).put(voucher.bytes());
            boolean unused = object.segments().enter(segment, digest);
        }

        void close() {
            if (reader != null) {
                reader.close();
            }
        }

        private StoreException changed() {
            return new StoreException(
                    StoreError.NOT_FOUND,
                    "the object is not what was listed: " + object.info().path());
        }
    }
}
