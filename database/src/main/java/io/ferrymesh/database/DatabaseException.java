package io.ferrymesh.database;

import org.jspecify.annotations.Nullable;

/** What the database could not do. Messages name the database, never a password or a value that was to be stored. */
public final class DatabaseException extends RuntimeException {

    /** What kind of failure it is. */
    public enum Kind {
        /** It cannot be reached, is busy or full; nothing was changed, or it is not known whether it was. */
        UNAVAILABLE,
        /** A row that must be unique is there, or one that must be there is not. Nothing was changed. */
        CONSTRAINT,
        /** A defect, or a database that is not what it should be. */
        INTERNAL
    }

    private final Kind kind;

    public DatabaseException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What kind of failure it is. */
    public Kind kind() {
        return kind;
    }
}
