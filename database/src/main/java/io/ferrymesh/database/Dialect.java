package io.ferrymesh.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;

/** What differs between the two databases. */
interface Dialect {

    /** Makes what must be there before a database can be opened to write. Fails with {@link DatabaseException}. */
    void prepare();

    /** Fails with {@link DatabaseException} unless there is something to open. */
    void requirePresent();

    /** Connections for Flyway, which take as long as a migration takes. */
    DataSource migrating(boolean readOnly);

    /** The pool of connections that write. */
    HikariConfig writers();

    /** The pool of connections that read. */
    HikariConfig readers();

    /** Does work in a transaction of a writer's connection. An exception of any kind has rolled it back. */
    <T> T write(HikariDataSource pool, Handle handle, HandleCallback<T, RuntimeException> work);

    /** Does work on a snapshot. */
    <T> T read(HikariDataSource pool, Handle handle, HandleCallback<T, RuntimeException> work);

    /** Whether the failed transaction changed nothing and may succeed when done again. */
    boolean transientConflict(SQLException failure);

    /** What kind of failure it is. */
    DatabaseException.Kind kind(SQLException failure);
}
