package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Objects that the destination wants the source to look at again: it says what they are now, or that they are gone. At most one a
 * listed object waits here. Any thread adds; the listing's worker looks.
 */
final class Looks {

    private final ObjectStore store;
    private final SourceBook book;
    private final Outage outage;
    private final Queue<Long> wanted = new ConcurrentLinkedQueue<>();

    Looks(ObjectStore store, SourceBook book, Outage outage) {
        this.store = store;
        this.book = book;
        this.outage = outage;
    }

    /** Looks at an object soon. Refuses a round that is not the next one. */
    void add(long index, int round) {
        book.get(index).lookAgain(round);
        wanted.add(index);
    }

    /** The next record for the destination; null when nothing is to be looked at. */
    byte @Nullable [] next() {
        Long index;
        while ((index = wanted.poll()) != null) {
            SourceObject object = book.find(index).orElse(null);
            if (object != null) {
                return look(object);
            }
        }
        return null;
    }

    private byte[] look(SourceObject before) {
        int round = before.round() + 1;
        ErrorCode gone;
        try {
            ObjectInfo now = store.head(before.info().path());
            if (now.size() <= Segments.MAX_OBJECT_BYTES) {
                book.listAgain(before, now);
                return RoundRecords.entryAgain(before.index(), round, now);
            }
            gone = ErrorCode.SOURCE_UNREADABLE;
        } catch (StoreException e) {
            if (Outage.isOne(e)) {
                outage.requireShort(round);
            }
            gone = e.error() == StoreError.NOT_FOUND ? ErrorCode.SOURCE_CHANGED : ErrorCode.SOURCE_UNREADABLE;
        }
        book.listAgain(before, before.info());
        return RoundRecords.gone(before.index(), round, gone);
    }
}
