package io.ferrymesh.provider.options;

import java.util.Optional;

/**
 * What a dry run has found. It goes by names, sizes and times; of the objects, the first byte is read at most.
 *
 * @param objectsWanted that would be moved, in place of others and beside others included
 * @param bytesWanted of them
 * @param objectsReplaced those of them that would take the place of something
 * @param objectsPresent that seem to be there: of the same size and time
 * @param bytesPresent of them
 * @param objectsToCompare of the same size as what is there and another time: their content decides
 * @param bytesToCompare of them
 * @param objectsConflicting that would fail because something else is there
 * @param objectsNewerThere that would stay behind because what is there is newer
 * @param objectsExcluded that are not selected
 * @param bytesExcluded of them
 * @param objectsUnsupported whose names the destination's store cannot hold
 * @param objectsFailed that would fail for another reason, which the preflight says
 * @param estimate how long it may take to move it; empty if nobody has looked into that
 * @param preflight what else is known of whether it can succeed; empty if nobody has looked into that
 */
public record DryRunTotals(
        long objectsWanted,
        long bytesWanted,
        long objectsReplaced,
        long objectsPresent,
        long bytesPresent,
        long objectsToCompare,
        long bytesToCompare,
        long objectsConflicting,
        long objectsNewerThere,
        long objectsExcluded,
        long bytesExcluded,
        long objectsUnsupported,
        long objectsFailed,
        Optional<Estimate> estimate,
        Optional<Preflight> preflight) {

    /** Without an estimate and a preflight. */
    public DryRunTotals(
            long objectsWanted,
            long bytesWanted,
            long objectsReplaced,
            long objectsPresent,
            long bytesPresent,
            long objectsToCompare,
            long bytesToCompare,
            long objectsConflicting,
            long objectsNewerThere,
            long objectsExcluded,
            long bytesExcluded,
            long objectsUnsupported,
            long objectsFailed) {
        this(
                objectsWanted,
                bytesWanted,
                objectsReplaced,
                objectsPresent,
                bytesPresent,
                objectsToCompare,
                bytesToCompare,
                objectsConflicting,
                objectsNewerThere,
                objectsExcluded,
                bytesExcluded,
                objectsUnsupported,
                objectsFailed,
                Optional.empty(),
                Optional.empty());
    }

    /** The same with an estimate. */
    public DryRunTotals with(Estimate of) {
        return with(Optional.of(of), preflight);
    }

    /** The same with a preflight. */
    public DryRunTotals with(Preflight of) {
        return with(estimate, Optional.of(of));
    }

    private DryRunTotals with(Optional<Estimate> otherEstimate, Optional<Preflight> otherPreflight) {
        return new DryRunTotals(
                objectsWanted,
                bytesWanted,
                objectsReplaced,
                objectsPresent,
                bytesPresent,
                objectsToCompare,
                bytesToCompare,
                objectsConflicting,
                objectsNewerThere,
                objectsExcluded,
                bytesExcluded,
                objectsUnsupported,
                objectsFailed,
                otherEstimate,
                otherPreflight);
    }
}
