package io.ferrymesh.provider.service;

/**
 * How far a migration is, in objects and bytes.
 *
 * @param bytesMoved received so far, objects that are not complete yet included
 * @param bytesDone of objects that are at the destination, verified
 * @param objectsExcluded that the options do not select
 */
public record ProgressView(
        long objectsListed,
        boolean listingComplete,
        long objectsDone,
        long objectsAlreadyThere,
        long objectsFailed,
        long objectsSkipped,
        long bytesListed,
        long bytesMoved,
        long bytesDone,
        long objectsExcluded) {

    /** Of a migration that moves everything. */
    public ProgressView(
            long objectsListed,
            boolean listingComplete,
            long objectsDone,
            long objectsAlreadyThere,
            long objectsFailed,
            long objectsSkipped,
            long bytesListed,
            long bytesMoved,
            long bytesDone) {
        this(
                objectsListed,
                listingComplete,
                objectsDone,
                objectsAlreadyThere,
                objectsFailed,
                objectsSkipped,
                bytesListed,
                bytesMoved,
                bytesDone,
                0);
    }

    /** Nothing yet. */
    public static final ProgressView NONE = new ProgressView(0, false, 0, 0, 0, 0, 0, 0, 0, 0);
}
