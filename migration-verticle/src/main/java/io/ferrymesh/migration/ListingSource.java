package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.stores.ListingEntry;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.Skipped;
import io.ferrymesh.stores.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Fills the source's control lane: what it lists, the listing, as far ahead of the decided objects as the ledger's window allows, what it
 * has to say of the destination's claims, of objects that it is to look at again and of those that it is to try to read, at most one reply for each object of that
 * window, and at the end the countersigned receipt. Lane worker only, except {@link #reply}, {@link #again} and
 * {@link #conclude}, and {@link #begin}, before which nothing that moves is listed.
 */
final class ListingSource implements FrameSource {

    private static final int BATCH = 256;

    private final ObjectStore store;
    private final String prefix;
    private final SourceBook book;
    private final Looks looks;
    private final Probes probes;
    private final Optional<MoveMark> mark;
    private volatile boolean held;
    private final Queue<byte[]> replies = new ConcurrentLinkedQueue<>();
    private final Queue<ListingEntry> batch = new ArrayDeque<>();
    private @Nullable ObjectListing listing;
    private byte @Nullable [] scope;
    private boolean listed;
    private byte @Nullable [] rest;
    private volatile byte @Nullable [] conclusion;

    ListingSource(ObjectStore store, Scope scope, SourceBook book, Outage outage, Optional<MoveMark> mark) {
        this.mark = mark;
        this.held = scope.moves();
        this.store = store;
        this.prefix = scope.prefix();
        this.scope = scope.record();
        this.book = book;
        this.looks = new Looks(store, book, outage);
        this.probes = new Probes(store, book, outage);
    }

    /** Tries soon whether an object can be read. Any thread; wake the lane afterwards. */
    void probe(long index) {
        probes.add(index);
    }

    /** What moves is listed from now on, and not before. Any thread; wake the lane afterwards. */
    void begin() {
        held = false;
    }

    /** Looks at an object again soon. Any thread; wake the lane afterwards. */
    void again(long index, int round) {
        looks.add(index, round);
    }

    /** Sends a record about an object that was announced, before any more of the listing. Any thread; wake the lane afterwards. */
    void reply(byte[] record) {
        replies.add(record);
    }

    /** Sends this record last. Any thread; wake the lane afterwards. */
    void conclude(byte[] record) {
        conclusion = record;
    }

    @Override
    public Fill fill(ByteBuffer out) {
        probes.beginTurn();
        while (true) {
            byte[] record = rest != null ? rest : next();
            if (record == null) {
                return probes.goOn() ? Fill.MORE : Fill.IDLE;
            }
            if (record.length > out.remaining()) {
                rest = record;
                return Fill.MORE;
            }
            out.put(record);
            rest = null;
            if (record == conclusion) {
                return Fill.DONE;
            }
        }
    }

    @Override
    public void close() {
        if (listing != null) {
            listing.close();
        }
    }

    private byte @Nullable [] next() {
        if (scope != null) {
            byte[] first = scope;
            scope = null;
            return first;
        }
        byte[] reply = replies.poll();
        if (reply != null) {
            return reply;
        }
        byte[] again = looks.next();
        if (again != null) {
            return again;
        }
        byte[] probed = probes.next();
        if (probed != null) {
            return probed;
        }
        if (listed) {
            return conclusion;
        }
        if (held || !book.mayList()) {
            return null;
        }
        ListingEntry entry = nextEntry();
        if (entry == null) {
            listed = true;
            book.listingComplete();
            close();
            return Records.listingEnd(book.listed());
        }
        if (mark.isPresent() && entry instanceof ObjectInfo info) {
            mark.get().requireOther(info.path().toString());
        }
        if (entry instanceof ObjectInfo info && info.size() <= Segments.MAX_OBJECT_BYTES) {
            return Records.entry(book.list(info), info);
        }
        Skipped skipped = entry instanceof ObjectInfo tooLarge
                ? new Skipped(tooLarge.path().toString(), Skipped.Reason.UNREADABLE)
                : (Skipped) entry;
        book.skip(skipped);
        return Records.skipped(skipped);
    }

    private @Nullable ListingEntry nextEntry() {
        try {
            if (listing == null) {
                listing = store.list(prefix);
            }
            if (batch.isEmpty()) {
                batch.addAll(listing.next(BATCH));
            }
            return batch.poll();
        } catch (StoreException e) {
            ErrorCode code = Outage.isOne(e) ? ErrorCode.UNAVAILABLE : ErrorCode.SOURCE_UNREADABLE;
            throw new MeshException(code, "the listing failed: " + e.getMessage(), e);
        }
    }
}
