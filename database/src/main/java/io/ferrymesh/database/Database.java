package io.ferrymesh.database;

import org.jdbi.v3.core.HandleCallback;

/** One database, its schema up to date. Blocking: worker threads only. */
public interface Database extends AutoCloseable {

    /**
     * Opens a database and migrates its schema.
     *
     * @param migrations the class path folder of its Flyway migrations
     */
    static Database open(DatabaseOptions options, String migrations) {
        return OpenDatabase.open(options, migrations);
    }

    /** Opens a database that must be there already, to read only. Its schema is left as it is. */
    static Database openReadOnly(DatabaseOptions options) {
        return OpenDatabase.openReadOnly(options);
    }

    /**
     * Does work in one transaction, which is durable when this returns. The work is done again, a bounded number of times,
     * when the database asks for that, so it has no other effects. An exception of the work rolls back and is thrown on.
     * Fails with {@link DatabaseException}.
     */
    <T> T transaction(HandleCallback<T, RuntimeException> work);

    /** Reads from one consistent snapshot. Fails with {@link DatabaseException}. */
    <T> T read(HandleCallback<T, RuntimeException> work);

    /** Which database this is. */
    DatabaseOptions options();

    @Override
    void close();
}
