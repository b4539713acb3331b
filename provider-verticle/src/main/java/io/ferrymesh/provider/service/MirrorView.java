package io.ferrymesh.provider.service;

import java.util.Optional;

/**
 * What became of objects at the destination that the source has not got.
 *
 * @param code why nothing, or nothing more, is removed, when it is LEFT; while it is RUNNING, what it failed with last and waits for
 * @param objectsFound that are here and not at the source, counted before any was removed
 * @param bytesFound of them
 * @param objectsRemoved so far
 * @param bytesRemoved of them
 * @param objectsKept that changed meanwhile, or could not be removed
 */
public record MirrorView(
        State state,
        Optional<Reason> code,
        long objectsFound,
        long bytesFound,
        long objectsRemoved,
        long bytesRemoved,
        long objectsKept) {

    /** How far that is. */
    public enum State {
        RUNNING,
        DONE,
        LEFT
    }

    /** Why it is left. */
    public enum Reason {
        /** Something of the source failed, or could not be listed: what is missing there is not known. */
        OBJECTS_FAILED,
        /** The source has listed no object at all, which may be a disk that is not there. */
        NOTHING_LISTED,
        /** Another migration of the account has run meanwhile, and may have brought what would be removed. */
        OTHER_MIGRATION,
        /** There would be more to remove than may be. */
        TOO_MANY,
        /** The store here has been away for a day. */
        STORE_UNAVAILABLE,
        /** The store here could not be listed, or looked at, for a day. */
        STORE_FAILED,
        /** The user does not want it any more. */
        CANCELLED
    }
}
