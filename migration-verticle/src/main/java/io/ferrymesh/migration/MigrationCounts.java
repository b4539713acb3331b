package io.ferrymesh.migration;

/**
 * How far a migration is.
 *
 * @param objectsListed announced by the source so far
 * @param bytesListed their sizes
 * @param listingComplete whether the two above are final
 * @param objectsStored sent, verified and durable
 * @param objectsPresent at the destination before, with the same content
 * @param objectsFailed not at the destination, unreadable names and directories included
 * @param objectsSkipped left by design: links, special files, what is newer at the destination
 * @param objectsExcluded not selected
 * @param bytesExcluded their sizes, which bytesListed has too
 * @param bytesMoved received so far, unfinished objects included
 * @param bytesDone sizes of everything stored or present
 */
public record MigrationCounts(
        long objectsListed,
        long bytesListed,
        boolean listingComplete,
        long objectsStored,
        long objectsPresent,
        long objectsFailed,
        long objectsSkipped,
        long objectsExcluded,
        long bytesExcluded,
        long bytesMoved,
        long bytesDone) {

    /** Objects whose outcome is known. */
    public long objectsDecided() {
        return objectsStored + objectsPresent + objectsFailed + objectsExcluded;
    }
}
