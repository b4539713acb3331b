package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.stores.ObjectDetails;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides what is done with an announced object, by what the destination's store has and by the user's policy. Blocks. */
final class Planner {

    private static final Plan CONFLICT = new Plan.Refuse(ErrorCode.CONFLICT);

    private final ObjectStore store;
    private final TransferOptions options;

    Planner(ObjectStore store, TransferOptions options) {
        this.store = store;
        this.options = options;
    }

    /** What is done in this round. Fails as the store does, with UNSUPPORTED_PATH before any of its bytes are asked for. */
    Plan plan(ObjectInfo info, Round round) throws StoreException {
        store.requirePath(info.path());
        return switch (options.conflicts()) {
            case SKIP_SAME, FAIL -> plainly(info, round);
            case OVERWRITE, OVERWRITE_OLDER -> replacing(info, round);
            case KEEP_BOTH -> beside(info, round);
        };
    }

    private Plan plainly(ObjectInfo info, Round round) throws StoreException {
        Target target = target(info.path(), 1, Optional.empty(), round);
        ObjectInfo there = head(info.path());
        if (there == null) {
            return new Plan.Fetch(target);
        }
        return there.size() == info.size() ? new Plan.Compare(target, there) : CONFLICT;
    }

    private Plan replacing(ObjectInfo info, Round round) throws StoreException {
        ObjectDetails there = details(info.path());
        if (there == null) {
            return round.taken() ? CONFLICT : new Plan.Fetch(target(info.path(), 1, Optional.empty(), round));
        }
        boolean differs = there.info().size() != info.size()
                || round.differs().filter(there.etag()::equals).isPresent();
        if (!differs) {
            return new Plan.Compare(target(info.path(), 1, Optional.empty(), round), there.info());
        }
        boolean older = info.modified().isAfter(there.info().modified());
        if (options.conflicts() == ConflictPolicy.OVERWRITE_OLDER && !older) {
            return new Plan.Leave(Outcome.NEWER_THERE);
        }
        return new Plan.Fetch(
                target(info.path(), 1, Optional.of(there.etag()), round),
                there.info().size());
    }

    private Plan beside(ObjectInfo info, Round round) throws StoreException {
        if (info.path().isDirectory()) {
            return plainly(info, round);
        }
        for (int candidate = round.candidate(); candidate <= NamesBeside.MOST; candidate++) {
            Optional<ObjectPath> path = NamesBeside.of(info.path(), candidate);
            if (path.isEmpty()) {
                return new Plan.Refuse(ErrorCode.UNSUPPORTED_PATH);
            }
            store.requirePath(path.get());
            ObjectInfo there = head(path.get());
            boolean inTheWay = round.taken() && candidate == 1; // a directory, perhaps, which is no object
            if (there == null && !inTheWay) {
                return new Plan.Fetch(target(path.get(), candidate, Optional.empty(), round));
            }
            if (there != null && there.size() == info.size()) {
                return new Plan.Compare(target(path.get(), candidate, Optional.empty(), round), there);
            }
        }
        return CONFLICT;
    }

    private Target target(ObjectPath path, int candidate, Optional<String> replaces, Round round) {
        return new Target(path, candidate, replaces, round, options.metadata());
    }

    private @Nullable ObjectInfo head(ObjectPath path) throws StoreException {
        try {
            return store.head(path);
        } catch (StoreException e) {
            if (e.error() == StoreError.NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    private @Nullable ObjectDetails details(ObjectPath path) throws StoreException {
        try {
            return store.details(path);
        } catch (StoreException e) {
            if (e.error() == StoreError.NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }
}
