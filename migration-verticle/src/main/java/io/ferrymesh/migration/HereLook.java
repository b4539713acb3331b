package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import io.ferrymesh.stores.ListingEntry;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells the journal of a mirror what is here before its source lists anything: only that can be missing there, and not what comes
 * meanwhile. A page is one turn of a worker. Ends with the run.
 */
final class HereLook {

    private final MigrationRecord record;
    private final Journal journal;
    private final ObjectStore store;
    private final Selection selection;
    private final Pool.Share share;
    private final Promise<Void> done = Promise.promise();
    private @Nullable ObjectListing listing; // the turn's worker only

    private HereLook(DestinationOrder order, MigrationRecord record, Pool.Share share) {
        this.record = record;
        this.journal = order.journal();
        this.store = order.store();
        this.selection = order.options().selection();
        this.share = share;
    }

    /** Completes when the journal knows; at once for what is no mirror. */
    static Future<Void> take(DestinationOrder order, MigrationRecord record, Pool pool) {
        if (!order.options().mirror()) {
            return Future.succeededFuture();
        }
        Pool.Share share = pool.share(order.owner());
        HereLook look = new HereLook(order, record, share);
        share.execute(look::begin);
        return look.done.future().onComplete(over -> share.close());
    }

    private void begin() {
        try {
            if (!journal.wantsHere()) {
                done.complete();
                return;
            }
            listing = store.listSizes(selection.prefix());
        } catch (StoreException | RuntimeException e) {
            fail(e);
            return;
        }
        share.execute(this::turn);
    }

    private void turn() {
        boolean more;
        try {
            more = page();
        } catch (StoreException | RuntimeException e) {
            fail(e);
            return;
        }
        if (more) {
            share.execute(this::turn);
        } else {
            close();
            done.complete();
        }
    }

    /** Whether there may be another. */
    private boolean page() throws StoreException {
        if (record.state() != MigrationState.CONNECTING) {
            throw new MeshException(ErrorCode.CANCELLED, "cancelled while connecting");
        }
        List<ListingEntry> page = Objects.requireNonNull(listing).next(Journal.AT_ONCE);
        List<ObjectInfo> objects = page.stream()
                .filter(ObjectInfo.class::isInstance)
                .map(ObjectInfo.class::cast)
                .filter(info -> selection.takes(info.path().toString()))
                .toList();
        if (!objects.isEmpty()) {
            journal.here(objects);
        }
        record.progress().step();
        if (page.isEmpty()) {
            journal.allHere();
        }
        return !page.isEmpty();
    }

    private void fail(Exception e) {
        close();
        done.fail(e instanceof StoreException store ? failure(store) : e);
    }

    private static MeshException failure(StoreException e) {
        boolean mayPass = Outage.isOne(e) || e.error() == StoreError.IO_ERROR;
        ErrorCode code = mayPass ? ErrorCode.UNAVAILABLE : ErrorCode.DESTINATION_FAILED;
        return new MeshException(code, "what is here could not be listed: " + e.getMessage(), e);
    }

    private void close() {
        if (listing != null) {
            listing.close();
        }
    }
}
