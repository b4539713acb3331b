package io.ferrymesh.database;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** Tells that it was the pool that had no connection to give. */
final class PoolFailures {

    private PoolFailures() {}

    /** Whether nothing reached the database: none was to be had in time, the pool is closed, or the wait was interrupted. */
    static boolean isOne(SQLException failure) {
        return failure instanceof SQLTransientConnectionException
                || (failure.getSQLState() == null && failure.getErrorCode() == 0);
    }
}
