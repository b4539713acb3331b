package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseException;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.ServiceError;
import io.ferrymesh.provider.service.ServiceException;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** What grants and migrations have in common in the eyes of their users. */
final class Checks {

    private static final int MOST = 1_000;

    private Checks() {}

    /** A database that is away is UNAVAILABLE. */
    static <T> T translated(Database database, Supplier<T> work) {
        try {
            return work.get();
        } catch (DatabaseException e) {
            if (e.kind() == DatabaseException.Kind.UNAVAILABLE) {
                throw new ServiceException(ServiceError.UNAVAILABLE, "the database is away", e);
            }
            throw e;
        }
    }

    static int limit(int limit) {
        if (limit < 1 || limit > MOST) {
            throw new ServiceException(ServiceError.INVALID, "limit must be 1 to " + MOST + ": " + limit);
        }
        return limit;
    }

    /** Holds the account's row as it is until the transaction ends. FORBIDDEN for one that is being erased. */
    static void requireActive(Handle handle, AccountId account) {
        boolean active = handle.createUpdate("UPDATE account SET state = state WHERE id = :id AND state = 'ACTIVE'")
                        .bind("id", account.value())
                        .execute()
                == 1;
        if (!active) {
            throw new ServiceException(ServiceError.FORBIDDEN, "the account is being erased");
        }
    }

    static ServiceException notFound() {
        return new ServiceException(ServiceError.NOT_FOUND, "there is nothing by that id");
    }

    static ServiceException conflict(String why) {
        return new ServiceException(ServiceError.CONFLICT, why);
    }
}
