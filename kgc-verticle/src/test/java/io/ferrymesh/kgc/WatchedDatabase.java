package io.ferrymesh.kgc;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseException;
import io.ferrymesh.database.DatabaseOptions;
import org.jdbi.v3.core.HandleCallback;

/** A database that can be made to fail, and that counts what is read. */
final class WatchedDatabase implements Database {

    private final Database database;
    private boolean failing;
    private int reads;

    WatchedDatabase(Database database) {
        this.database = database;
    }

    /** From now on no transaction succeeds. */
    void failTransactions() {
        failing = true;
    }

    int reads() {
        return reads;
    }

    @Override
    public <T> T transaction(HandleCallback<T, RuntimeException> work) {
        if (failing) {
            throw new DatabaseException(DatabaseException.Kind.UNAVAILABLE, "away", null);
        }
        return database.transaction(work);
    }

    @Override
    public <T> T read(HandleCallback<T, RuntimeException> work) {
        reads++;
        return database.read(work);
    }

    @Override
    public DatabaseOptions options() {
        return database.options();
    }

    @Override
    public void close() {}
}
