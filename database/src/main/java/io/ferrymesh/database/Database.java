package io.ferrymesh.database;

import java.util.List;
import org.jdbi.v3.core.HandleCallback;

/** One database, its schema as this program knows it. Blocking: worker threads only. */
public interface Database extends AutoCloseable {

    /**
     * Opens a database and migrates its schema. A SQLite file that is not there is made, for its owner's eyes only. Fails with
     * {@link DatabaseException}, also where the schema is newer than this program.
     *
     * @param migrations the class path folder of its Flyway migrations
     */
    static Database open(DatabaseOptions options, String migrations) {
        return OpenDatabase.open(options, migrations);
    }

    /**
     * Opens a database that must be there already, with exactly the schema this program knows: nothing is made or migrated. For
     * who works beside processes that may be of another version. Fails with {@link DatabaseException}.
     *
     * @param migrations the class path folder of the Flyway migrations it should have had
     */
    static Database openExisting(DatabaseOptions options, String migrations) {
        return OpenDatabase.openExisting(options, migrations, false);
    }

    /**
     * Opens a database that must be there already, to read only: nothing is made, migrated or written, and
     * {@link #transaction} fails. Fails with {@link DatabaseException}, also where the schema is older or newer than this
     * program.
     *
     * @param migrations the class path folder of the Flyway migrations it should have had
     */
    static Database openReadOnly(DatabaseOptions options, String migrations) {
        return OpenDatabase.openExisting(options, migrations, true);
    }

    /**
     * Does work in one transaction, which is durable when this returns. The work is done again, a bounded number of times,
     * when the database asks for that, so it has no other effects; and it begins and ends no transaction of its own. An
     * exception of the work rolls back and is thrown on. Fails with {@link DatabaseException}.
     */
    <T> T transaction(HandleCallback<T, RuntimeException> work);

    /** Reads from one consistent snapshot, which no writer waits for. Fails with {@link DatabaseException}. */
    <T> T read(HandleCallback<T, RuntimeException> work);

    /** Which database this is. */
    DatabaseOptions options();

    /** How its connections are used just now. Asks the database nothing; any thread. */
    default List<PoolFigures> pools() {
        return List.of();
    }

    /** Whether it is a SQLite file. */
    default boolean isSqlite() {
        return options() instanceof DatabaseOptions.Sqlite;
    }

    /** Waits for nothing: what still runs fails. */
    @Override
    void close();
}
