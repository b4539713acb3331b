package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.options.Selection;
import io.ferrymesh.provider.service.MirrorView.Reason;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.stores.ListingEntry;
import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectListing;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process's turn at one mirror, a little at a time: counts what is to be removed, and then removes it. An object is removed only
 * if it is the one that was here before the source listed anything, as its size and time tell where it is listed, at the deletion
 * once more, and its etag in between. The mirrors' thread only.
 */
final class MirrorTurn implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MirrorTurn.class);

    /** Objects of which the journal is asked at once. */
    private static final int PAGE = 512;

    /** Objects that are looked at before another account has its turn. */
    private static final int AT_ONCE = 16;

    private final Database database;
    private final Membership membership;
    private final Clock clock;
    private final long mostReported;
    private final MirrorTable.Due due;
    private final String instance;
    private final Predicate<ObjectInfo> selects;
    private final ObjectStore store;
    private final BooleanSupplier closing;
    private final boolean byTime;
    private final Queue<ObjectInfo> missing = new ArrayDeque<>();
    private @Nullable ObjectListing listing;
    private boolean removes;
    private long most;
    private long objects;
    private long bytes;
    private long kept;

    MirrorTurn(
            Database database,
            Membership membership,
            Clock clock,
            long mostReported,
            MirrorTable.Due due,
            String instance,
            Predicate<ObjectInfo> selects,
            ObjectStore store,
            BooleanSupplier closing) {
        this.database = database;
        this.membership = membership;
        this.clock = clock;
        this.mostReported = mostReported;
        this.due = due;
        this.instance = instance;
        this.selects = selects;
        this.store = store;
        this.closing = closing;
        Selection selection = due.options().selection();
        this.byTime = selection.modifiedFrom().isPresent()
                || selection.modifiedUntil().isPresent();
    }

    MigrationId id() {
        return due.id();
    }

    /** Does a little; whether there is more to do. */
    boolean goOn() throws StoreException {
        Optional<String> prefix = prefix();
        if (prefix.isEmpty()) {
            return ended();
        }
        if (!isMine() || isCrossed()) {
            return false;
        }
        ObjectListing here = listing;
        if (here == null) {
            here = store.listSizes(prefix.get());
            listing = here;
        }
        if (missing.isEmpty()) {
            List<ListingEntry> page = here.next(PAGE);
            return page.isEmpty() ? ended() : read(page);
        }
        for (int i = 0; i < AT_ONCE && !missing.isEmpty(); i++) {
            if (!isMine() || !(removes ? remove(missing.remove()) : count(missing.remove()))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        if (listing != null) {
            listing.close();
            listing = null;
        }
    }

    private boolean isMine() {
        return !closing.getAsBoolean() && membership.is(instance);
    }

    /** Whether it ends here because of what another migration may have brought. */
    private boolean isCrossed() {
        boolean crossed = !due.onlyLooks() && database.read(handle -> MirrorTable.isCrossed(handle, due));
        if (crossed) {
            end(Optional.of(Reason.OTHER_MIGRATION));
        }
        return crossed;
    }

    /** Takes from a page what is missing at the source; whether to go on. */
    private boolean read(List<ListingEntry> page) {
        List<ObjectInfo> here = page.stream()
                .filter(ObjectInfo.class::isInstance)
                .map(ObjectInfo.class::cast)
                .filter(info -> byTime || selects.test(info))
                .toList();
        if (here.isEmpty()) {
            return true;
        }
        Optional<List<ObjectInfo>> found = database.read(handle -> MirrorTable.missing(handle, due, instance, here));
        found.ifPresent(missing::addAll);
        return found.isPresent();
    }

    /** The listing is at its end; whether there is another to go through. */
    private boolean ended() {
        close();
        if (removes) {
            end(objects > most ? Optional.of(Reason.TOO_MANY) : Optional.empty());
            return false;
        }
        if (!database.transaction(handle -> MirrorTable.found(handle, due, instance, objects, bytes))) {
            return false;
        }
        long may = Math.min(due.options().mirrorMaxDeletes(), mostReported); // what is not reported is not removed
        boolean tooMany = due.removed() + objects > may;
        if (due.onlyLooks() || tooMany || objects == 0) {
            end(Optional.of(Reason.TOO_MANY).filter(reason -> tooMany && !due.onlyLooks()));
            return false;
        }
        removes = true;
        most = objects;
        objects = 0;
        return true;
    }

    private void end(Optional<Reason> reason) {
        change(handle -> MirrorTable.end(handle, due, instance, kept, reason, clock.millis()));
    }

    private boolean count(ObjectInfo listed) throws StoreException {
        if (byTime && !isSelected(listed.path())) {
            return true;
        }
        objects++;
        bytes += listed.size();
        return true;
    }

    /** A listing of sizes need not have the times that are selected by. */
    private boolean isSelected(ObjectPath path) throws StoreException {
        try {
            return selects.test(store.details(path).info());
        } catch (StoreException e) {
            if (isAway(e)) {
                throw e;
            }
            return false;
        }
    }

    /** Whether to go on. What came since all was counted is not removed beyond what was counted. */
    private boolean remove(ObjectInfo listed) throws StoreException {
        if (!database.read(handle -> MirrorTable.goesOn(handle, due.id(), instance)) || isCrossed()) {
            return false;
        }
        try {
            ObjectDetails now = store.details(listed.path());
            if (!selects.test(now.info())) {
                return true;
            }
            objects++;
            if (objects > most) {
                return true;
            }
            if (isUnchanged(listed, now.info())) {
                store.delete(listed.path(), now.etag());
                change(handle -> MirrorTable.removed(handle, due, now.info()));
            } else {
                kept++;
            }
        } catch (StoreException e) {
            if (isAway(e)) {
                throw e;
            }
            kept += e.error() == StoreError.NOT_FOUND ? 0 : 1;
            LOG.debug("an object that the source of {} has not got stays", due.id(), e);
        }
        return true;
    }

    /** Where it is listed by the time when it was stored, it is looked at there again: that was before its etag was read. */
    private boolean isUnchanged(ObjectInfo listed, ObjectInfo now) throws StoreException {
        if (now.equals(listed)) {
            return true;
        }
        try (ObjectListing again = store.listSizes(listed.path().toString())) {
            return again.next(1).contains(listed);
        }
    }

    static boolean isAway(StoreException e) {
        return e.error() == StoreError.UNAVAILABLE || e.error() == StoreError.THROTTLED;
    }

    /** Where what is selected and what the source lists meet; empty when they do not, or the source has not said. */
    private Optional<String> prefix() {
        String selected = due.options().selection().prefix();
        return due.sourcePrefix()
                .flatMap(listed -> selected.startsWith(listed)
                        ? Optional.of(selected)
                        : Optional.of(listed).filter(longer -> longer.startsWith(selected)));
    }

    private interface Change {
        void in(Handle handle);
    }

    private void change(Change change) {
        boolean unused = database.transaction(handle -> {
            change.in(handle);
            return true;
        });
    }
}
