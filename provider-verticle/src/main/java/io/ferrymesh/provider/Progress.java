package io.ferrymesh.provider;

/** How far a migration is, in objects and bytes. */
public record Progress(
        long objectsListed,
        boolean listingComplete,
        long objectsDone,
        long objectsAlreadyThere,
        long objectsFailed,
        long objectsSkipped,
        long bytesListed,
        long bytesDone) {

    /** Nothing yet. */
    public static final Progress NONE = new Progress(0, false, 0, 0, 0, 0, 0, 0);
}
