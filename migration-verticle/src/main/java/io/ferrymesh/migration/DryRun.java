package io.ferrymesh.migration;

/**
 * What a migration would do, going by names, sizes and times alone.
 *
 * @param objectsWanted that would be fetched, those in place of others and beside others included
 * @param bytesWanted their sizes
 * @param objectsReplaced those of them that would take the place of something
 * @param objectsPresent that seem to be there: same size and time
 * @param bytesPresent their sizes
 * @param objectsToCompare of the same size as what is there but another time; their content decides
 * @param bytesToCompare their sizes
 * @param conflicts that would fail because something else is there
 * @param objectsNewerThere that would stay behind because what is there is newer
 * @param objectsExcluded not selected
 * @param bytesExcluded their sizes
 * @param unsupportedPaths whose names the store cannot hold
 * @param objectsFailed that would fail for another reason: the source cannot read them, the store cannot hold or keep what they
 *     are, or it could not even be asked
 * @param preflight what else is known of whether it can succeed
 */
public record DryRun(
        long objectsWanted,
        long bytesWanted,
        long objectsReplaced,
        long objectsPresent,
        long bytesPresent,
        long objectsToCompare,
        long bytesToCompare,
        long conflicts,
        long objectsNewerThere,
        long objectsExcluded,
        long bytesExcluded,
        long unsupportedPaths,
        long objectsFailed,
        Preflight preflight) {}
