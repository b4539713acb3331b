package io.ferrymesh.migration;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.stores.ObjectInfo;
import io.ferrymesh.stores.ObjectStore;
import java.time.temporal.ChronoUnit;

/** Adds up what would be done. Listing worker only, but for {@link #totals} once it is done. */
final class DryRunTally {

    private final ObjectStore store;

    private long objectsWanted;
    private long bytesWanted;
    private long objectsReplaced;
    private long objectsPresent;
    private long bytesPresent;
    private long objectsToCompare;
    private long bytesToCompare;
    private long conflicts;
    private long objectsNewerThere;
    private long objectsExcluded;
    private long bytesExcluded;
    private long unsupportedPaths;
    private long objectsFailed;
    private long bytesFreed;
    private long costWanted;
    private long costFreed;

    /**
     * What all of it would take at the destination.
     *
     * @param objects that would be stored
     * @param bytes more than now
     * @param cost more than now of the quota
     */
    record Need(long objects, long bytes, long cost) {}

    /** @param store knows what objects cost */
    DryRunTally(ObjectStore store) {
        this.store = store;
    }

    Need need() {
        return new Need(objectsWanted, Sums.less(bytesWanted, bytesFreed), Sums.less(costWanted, costFreed));
    }

    void excluded(ObjectInfo info) {
        objectsExcluded++;
        bytesExcluded += info.size();
    }

    void planned(ObjectInfo info, Plan plan) {
        if (plan instanceof Plan.Fetch fetch) {
            objectsWanted++;
            bytesWanted = Sums.add(bytesWanted, info.size());
            costWanted = Sums.add(costWanted, store.cost(fetch.target().path(), info.size()));
            if (fetch.target().replaces().isPresent()) {
                objectsReplaced++;
                bytesFreed = Sums.add(bytesFreed, fetch.replacedBytes());
                costFreed = Sums.add(costFreed, store.cost(fetch.target().path(), fetch.replacedBytes()));
            }
        } else if (plan instanceof Plan.Compare compare) {
            compared(info, compare.there());
        } else if (plan instanceof Plan.Refuse refuse) {
            refused(refuse.code());
        } else {
            objectsNewerThere++;
        }
    }

    void refused(ErrorCode code) {
        switch (code) {
            case CONFLICT -> conflicts++;
            case UNSUPPORTED_PATH -> unsupportedPaths++;
            default -> objectsFailed++;
        }
    }

    /** One that would fail in some other way. */
    void failed() {
        objectsFailed++;
    }

    DryRun totals(Preflight preflight) {
        return new DryRun(
                objectsWanted,
                bytesWanted,
                objectsReplaced,
                objectsPresent,
                bytesPresent,
                objectsToCompare,
                bytesToCompare,
                conflicts,
                objectsNewerThere,
                objectsExcluded,
                bytesExcluded,
                unsupportedPaths,
                objectsFailed,
                preflight);
    }

    /** To the second, which is what some stores keep of a time. */
    private void compared(ObjectInfo info, ObjectInfo there) {
        boolean sameTime = info.modified()
                .truncatedTo(ChronoUnit.SECONDS)
                .equals(there.modified().truncatedTo(ChronoUnit.SECONDS));
        if (sameTime || info.path().isDirectory()) {
            objectsPresent++;
            bytesPresent += info.size();
        } else {
            objectsToCompare++;
            bytesToCompare += info.size();
        }
    }
}
