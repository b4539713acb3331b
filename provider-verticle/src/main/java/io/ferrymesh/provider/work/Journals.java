package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseException;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** What the engine's workers write and read. */
final class Journals {

    private Journals() {}

    /** Fails with UNAVAILABLE when the database is away, as {@link #durably}. */
    static <T> T read(Database database, Function<Handle, T> work) {
        try {
            return database.read(work::apply);
        } catch (DatabaseException e) {
            throw translated(e);
        }
    }

    /** Durable when it returns. Fails with UNAVAILABLE when the database is away, which ends a run that is begun again later. */
    static boolean durably(Database database, Function<Handle, Boolean> work) {
        try {
            return database.transaction(work::apply);
        } catch (DatabaseException e) {
            throw translated(e);
        }
    }

    private static RuntimeException translated(DatabaseException e) {
        return e.kind() == DatabaseException.Kind.UNAVAILABLE
                ? new MeshException(ErrorCode.UNAVAILABLE, "the database is away", e)
                : e;
    }
}
