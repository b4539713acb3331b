package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseException;
import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.mesh.MeshException;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** What the engine's workers write. */
final class Journals {

    private Journals() {}

    /** Durable when it returns. Fails with UNAVAILABLE when the database is away, which ends a run that is begun again later. */
    static boolean durably(Database database, Function<Handle, Boolean> work) {
        try {
            return database.transaction(work::apply);
        } catch (DatabaseException e) {
            if (e.kind() == DatabaseException.Kind.UNAVAILABLE) {
                throw new MeshException(ErrorCode.UNAVAILABLE, "the database is away", e);
            }
            throw e;
        }
    }
}
