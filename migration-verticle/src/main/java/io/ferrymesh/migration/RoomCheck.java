package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.Room;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a run from asking for what is known not to fit. What the run has asked for in all is compared with how much room there was
 * when it began; if that is too little, once more with what there is now. In doubt it says nothing: what is replaced counts as
 * free, what an earlier run has left of a large object as there, and a store that does not know its room as large enough. Listing
 * worker only.
 */
final class RoomCheck {

    private final ObjectStore store;
    private final Journal journal;
    private final LongSupplier bytesMoved;
    private final LongSupplier bytesBegun;
    private @Nullable Room room; // for everything that this run asks for
    private long bytes;
    private long cost;
    private long bytesFreed;
    private long costFreed;

    /** @param bytesMoved what of it is at the destination by now, or at least on its way into place */
    RoomCheck(Place place, LongSupplier bytesMoved) {
        this.store = place.store();
        this.journal = place.journal();
        this.bytesMoved = bytesMoved;
        this.bytesBegun = place.begunBytes()::get;
    }

    /** Whether these may be too much, so that none of them should be asked for before all are planned. */
    boolean mayBeTooMuch(List<Recall.Entry> entries) {
        long moreBytes = Sums.less(bytes, bytesFreed);
        long moreCost = Sums.less(cost, costFreed);
        for (Recall.Entry entry : entries) {
            moreBytes = Sums.add(moreBytes, entry.info().size());
            moreCost = Sums.add(moreCost, cost(entry.info()));
        }
        return !entries.isEmpty() && (room().lacksSpace(moreBytes) || room().lacksQuota(moreCost));
    }

    /** An object is going to be asked for, for the first time. */
    void add(ObjectInfo info, Plan.Fetch fetch) {
        if (info.size() > Segments.BYTES && journal.unfinished(info.path()).isPresent()) {
            return;
        }
        bytes = Sums.add(bytes, info.size());
        cost = Sums.add(cost, cost(info));
        if (fetch.target().replaces().isPresent()) {
            bytesFreed = Sums.add(bytesFreed, fetch.replacedBytes());
            costFreed = Sums.add(costFreed, store.cost(fetch.target().path(), fetch.replacedBytes()));
        }
    }

    /** Fails with DESTINATION_FULL when what was added is known not to fit. */
    void require() {
        long more = Sums.less(bytes, bytesFreed);
        long moreCost = Sums.less(cost, costFreed);
        if (!room().lacksSpace(more) && !room().lacksQuota(moreCost)) {
            return;
        }
        Room now = measured();
        long moved = bytesMoved.getAsLong(); // after measuring: what comes meanwhile makes it look as if more fitted
        long begun = bytesBegun.getAsLong(); // these count against a quota in full from when they are
        long left = Sums.less(more, moved);
        long leftCost = moved == 0 && begun == 0 ? moreCost : Math.min(Sums.less(left, begun), moreCost);
        try {
            store.requireRoom(left, leftCost);
        } catch (StoreException e) {
            if (e.error() == StoreError.FULL) {
                throw new MeshException(
                        ErrorCode.DESTINATION_FULL, "what is to be moved does not fit: " + e.getMessage(), e);
            }
        }
        room = new Room(
                plus(now.freeBytes(), moved),
                plus(now.quotaBytes(), Sums.add(Sums.add(moved, begun), Sums.less(cost, bytes))));
    }

    private long cost(ObjectInfo info) {
        return store.cost(info.path(), info.size());
    }

    private Room room() {
        Room known = room;
        if (known == null) {
            known = measured();
            room = known;
        }
        return known;
    }

    private Room measured() {
        try {
            return store.room();
        } catch (StoreException e) {
            return Room.UNKNOWN;
        }
    }

    private static OptionalLong plus(OptionalLong one, long other) {
        return one.isPresent() ? OptionalLong.of(Sums.add(one.getAsLong(), other)) : one;
    }
}
