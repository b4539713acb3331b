package io.ferrymesh.kgc.backup;

import org.jspecify.annotations.Nullable;

/** Why there is no backup, or nothing was restored. Nothing was changed. */
public final class BackupException extends RuntimeException {

    /** The kinds of refusal. */
    public enum Reason {
        /** It is something else, or of a version or schema this program does not know. */
        NOT_A_BACKUP,
        /** It is not as it was written: cut off, changed, or added to. */
        ALTERED,
        /** It is a registry's, but what is in it does not fit together. */
        INCONSISTENT,
        /** It is the registry of another key centre. */
        OTHER_CENTRE,
        /** The database to restore into has something in it. */
        NOT_EMPTY,
        /** There is nothing to back up: no node has begun the registry. */
        EMPTY,
        /** A file cannot be read or written. */
        IO
    }

    private final Reason reason;

    BackupException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    BackupException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** The kind of refusal. */
    public Reason reason() {
        return reason;
    }
}
