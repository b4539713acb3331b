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
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Fills the source's control lane: the listing, as far ahead of the decided objects as the ledger's window allows, and at
 * the end the countersigned receipt. Lane worker only, except {@link #conclude}.
 */
final class ListingSource implements FrameSource {

    private static final int BATCH = 256;

    private final ObjectStore store;
    private final String prefix;
    private final SourceBook book;
    private final Queue<ListingEntry> batch = new ArrayDeque<>();
    private @Nullable ObjectListing listing;
    private boolean listed;
    private byte @Nullable [] held;
    private volatile byte @Nullable [] conclusion;

    ListingSource(ObjectStore store, String prefix, SourceBook book) {
        this.store = store;
        this.prefix = prefix;
        this.book = book;
    }

    /** Sends this record last. Any thread; wake the lane afterwards. */
    void conclude(byte[] record) {
        conclusion = record;
    }

    @Override
    public Fill fill(ByteBuffer out) {
        while (true) {
            byte[] record = held != null ? held : next();
            if (record == null) {
                return Fill.IDLE;
            }
            if (record.length > out.remaining()) {
                held = record;
                return Fill.MORE;
            }
            out.put(record);
            held = null;
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
        if (listed) {
            return conclusion;
        }
        if (!book.mayList()) {
            return null;
        }
        ListingEntry entry = nextEntry();
        if (entry == null) {
            listed = true;
            book.listingComplete();
            close();
            return Records.listingEnd(book.listed());
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
            throw new MeshException(ErrorCode.SOURCE_UNREADABLE, "the listing failed: " + e.getMessage(), e);
        }
    }
}
