package io.ferrymesh.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.Optional;
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

    /** What Flyway's connections begin with; empty for nothing. */
    String migratingSql();

    /** Whether a migration that failed changed nothing, and may succeed when somebody else is done. */
    boolean migrationMayPass(RuntimeException failure, Optional<SQLException> sql);

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
