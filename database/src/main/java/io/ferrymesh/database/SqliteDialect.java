package io.ferrymesh.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.ferrymesh.database.DatabaseException.Kind;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.JdbiException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/**
 * A file. The driver's own transactions are not used: its {@code commit()} begins the next one at once, so that a commit that
 * is done could be reported as failed because another process holds the lock by then. BEGIN IMMEDIATE takes the write lock
 * first, waiting for other processes, so that a transaction never fails half way for want of it.
 */
final class SqliteDialect implements Dialect {

    private static final int BUSY_TIMEOUT_MS = 5_000;
    private static final int READERS = 4;
    private static final int LARGEST_IDLE_WAL_BYTES = 64 << 20;

    private final Path file;

    SqliteDialect(DatabaseOptions.Sqlite options) {
        this.file = options.file();
    }

    @Override
    public void prepare() {
        FileAttribute<?> ownersOnly =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try {
            // SQLite gives the files beside it, -wal and -shm, the same mode.
            Path unused = Files.createFile(file, ownersOnly);
        } catch (FileAlreadyExistsException e) {
            requirePresent();
        } catch (IOException e) {
            throw new DatabaseException(Kind.UNAVAILABLE, "the database file cannot be made: " + e, e);
        }
    }

    @Override
    public void requirePresent() {
        if (!Files.isRegularFile(file)) {
            throw new DatabaseException(Kind.UNAVAILABLE, "there is no database file " + file, null);
        }
        if (!Files.isReadable(file)) {
            throw new DatabaseException(Kind.UNAVAILABLE, "the database file cannot be read: " + file, null);
        }
    }

    @Override
    public DataSource migrating(boolean readOnly) {
        return source(readOnly);
    }

    @Override
    public String migratingSql() {
        return "";
    }

    /** Another process may bring the same file up to date now; then what fails here is done at the next look. */
    @Override
    public boolean migrationMayPass(RuntimeException failure, Optional<SQLException> sql) {
        return !(failure instanceof DatabaseException);
    }

    private DataSource source(boolean readOnly) {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(readOnly);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(BUSY_TIMEOUT_MS);
        if (!readOnly) {
            config.setJournalMode(SQLiteConfig.JournalMode.WAL);
            config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
            config.setJournalSizeLimit(LARGEST_IDLE_WAL_BYTES);
            // For Flyway, which uses the driver's transactions.
            config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        }
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    @Override
    public HikariConfig writers() {
        return pool(1, false);
    }

    @Override
    public HikariConfig readers() {
        return pool(READERS, true);
    }

    private HikariConfig pool(int size, boolean readOnly) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source(readOnly));
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setMaxLifetime(0);
        config.setReadOnly(readOnly);
        return config;
    }

    @Override
    public <T> T write(HikariDataSource pool, Handle handle, HandleCallback<T, RuntimeException> work) {
        return inTransaction("BEGIN IMMEDIATE", pool, handle, work);
    }

    @Override
    public <T> T read(HikariDataSource pool, Handle handle, HandleCallback<T, RuntimeException> work) {
        return inTransaction("BEGIN", pool, handle, work);
    }

    private static <T> T inTransaction(
            String begin, HikariDataSource pool, Handle handle, HandleCallback<T, RuntimeException> work) {
        handle.execute(begin);
        boolean committed = false;
        try {
            T result = work.withHandle(handle);
            handle.execute("COMMIT");
            committed = true;
            return result;
        } finally {
            if (!committed) {
                rollBack(pool, handle);
            }
        }
    }

    private static void rollBack(HikariDataSource pool, Handle handle) {
        try {
            handle.execute("ROLLBACK");
        } catch (JdbiException e) {
            // SQLite rolled back by itself, or it cannot: either way the connection starts afresh.
            pool.evictConnection(handle.getConnection());
        }
    }

    @Override
    public boolean transientConflict(SQLException failure) {
        return primary(failure) == SQLiteErrorCode.SQLITE_BUSY.code;
    }

    @Override
    public Kind kind(SQLException failure) {
        SQLiteErrorCode code = SQLiteErrorCode.getErrorCode(primary(failure));
        return switch (code) {
            case SQLITE_BUSY,
                    SQLITE_LOCKED,
                    SQLITE_FULL,
                    SQLITE_IOERR,
                    SQLITE_CANTOPEN,
                    SQLITE_READONLY,
                    SQLITE_PERM,
                    SQLITE_NOMEM,
                    SQLITE_NOLFS,
                    SQLITE_PROTOCOL -> Kind.UNAVAILABLE;
            case SQLITE_CONSTRAINT -> Kind.CONSTRAINT;
            default -> PoolFailures.isOne(failure) ? Kind.UNAVAILABLE : Kind.INTERNAL;
        };
    }

    /** The code without its extension. */
    private static int primary(SQLException failure) {
        return failure.getErrorCode() & 0xff;
    }
}
