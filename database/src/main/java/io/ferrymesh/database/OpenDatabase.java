package io.ferrymesh.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;

/** Two pools: writers, of which SQLite has one, and readers. */
final class OpenDatabase implements Database {

    private static final int POSTGRES_WRITERS = 8;
    private static final int READERS = 4;
    private static final int BUSY_TIMEOUT_MS = 10_000;

    private final DatabaseOptions options;
    private final HikariDataSource writers;
    private final HikariDataSource readers;
    private final Jdbi writing;
    private final Jdbi reading;

    private OpenDatabase(DatabaseOptions options, HikariDataSource writers, HikariDataSource readers) {
        this.options = options;
        this.writers = writers;
        this.readers = readers;
        this.writing = Jdbi.create(writers);
        this.reading = Jdbi.create(readers);
    }

    static Database open(DatabaseOptions options, String migrations) {
        HikariDataSource writers = pool(options, false);
        try {
            var unused = Flyway.configure()
                    .dataSource(writers)
                    .locations("classpath:" + migrations)
                    .load()
                    .migrate();
        } catch (RuntimeException e) {
            writers.close();
            throw new DatabaseException(DatabaseException.Kind.INTERNAL, "the schema cannot be brought up to date", e);
        }
        return new OpenDatabase(options, writers, pool(options, true));
    }

    static Database openReadOnly(DatabaseOptions options) {
        HikariDataSource readers = pool(options, true);
        return new OpenDatabase(options, readers, readers);
    }

    private static HikariDataSource pool(DatabaseOptions options, boolean readOnly) {
        HikariConfig config = new HikariConfig();
        config.setReadOnly(readOnly);
        if (options instanceof DatabaseOptions.Sqlite sqlite) {
            config.setJdbcUrl("jdbc:sqlite:" + sqlite.file());
            config.setDataSourceProperties(sqlite(readOnly));
            config.setMaximumPoolSize(readOnly ? READERS : 1);
        } else if (options instanceof DatabaseOptions.Postgres postgres) {
            config.setJdbcUrl("jdbc:" + postgres.url());
            config.setUsername(postgres.user().orElse(""));
            config.setPassword(postgres.password().orElse(""));
            config.setMaximumPoolSize(readOnly ? READERS : POSTGRES_WRITERS);
        }
        return new HikariDataSource(config);
    }

    private static Properties sqlite(boolean readOnly) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(BUSY_TIMEOUT_MS);
        config.setTransactionMode(
                readOnly ? SQLiteConfig.TransactionMode.DEFERRED : SQLiteConfig.TransactionMode.IMMEDIATE);
        return config.toProperties();
    }

    @Override
    public <T> T transaction(HandleCallback<T, RuntimeException> work) {
        return writing.inTransaction(work);
    }

    @Override
    public <T> T read(HandleCallback<T, RuntimeException> work) {
        return reading.inTransaction(work);
    }

    @Override
    public DatabaseOptions options() {
        return options;
    }

    @Override
    public void close() {
        readers.close();
        writers.close();
    }
}
