package io.ferrymesh.provider.engine;

/**
 * How far a migration is, in objects and bytes.
 *
 * @param bytesMoved received so far, objects that are not complete yet included
 * @param bytesDone of objects that are at the destination, verified
 * @param objectsExcluded that the options do not select
 */
public record Progress(
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
    public Progress(
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
    public static final Progress NONE = new Progress(0, false, 0, 0, 0, 0, 0, 0, 0);
}
