package io.ferrymesh.provider.service;

/**
 * How far a migration is, in objects and bytes.
 *
 * @param bytesMoved received so far, objects that are not complete yet included
 * @param bytesDone of objects that are at the destination, verified
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
        long bytesDone) {

    /** Nothing yet. */
    public static final ProgressView NONE = new ProgressView(0, false, 0, 0, 0, 0, 0, 0, 0);
}
