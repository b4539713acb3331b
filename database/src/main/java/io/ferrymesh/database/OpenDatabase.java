package io.ferrymesh.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.ferrymesh.database.DatabaseException.Kind;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jspecify.annotations.Nullable;

/** Two pools: writers, of which SQLite has one, and readers. */
final class OpenDatabase implements Database {

    private static final int ATTEMPTS = 10;
    private static final int MIGRATION_ATTEMPTS = 5;
    /** Longer than waiting for a lock takes, that often. */
    private static final long MIGRATION_MS = 60_000;

    private static final String SCHEMA = "the schema cannot be brought up to date";
    private static final String OPENING = "the database cannot be opened";

    private final DatabaseOptions options;
    private final Dialect dialect;
    private final Failures failures;
    private final Retries retries = new Retries(ATTEMPTS, new SecureRandom());
    private final @Nullable Pool writers;
    private final Pool readers;

    private record Pool(HikariDataSource source, Jdbi jdbi) {}

    private OpenDatabase(DatabaseOptions options, Dialect dialect, boolean readOnly) {
        this.options = options;
        this.dialect = dialect;
        this.failures = new Failures(options, dialect);
        this.writers = readOnly ? null : pool("writers", dialect.writers());
        try {
            this.readers = pool("readers", dialect.readers());
        } catch (DatabaseException e) {
            if (writers != null) {
                writers.source.close();
            }
            throw e;
        }
    }

    static Database open(DatabaseOptions options, String migrations) {
        Dialect dialect = dialect(options);
        Failures failures = new Failures(options, dialect);
        dialect.prepare();
        Supplier<Boolean> migrate = () -> {
            new Schema(options, dialect, false, migrations).migrate();
            return true;
        };
        try {
            boolean unused = new Retries(MIGRATION_ATTEMPTS, new SecureRandom(), MIGRATION_MS)
                    .of(migrate, failures::migrationMayPass);
        } catch (RuntimeException e) {
            throw failures.translate(SCHEMA, e);
        }
        return new OpenDatabase(options, dialect, false);
    }

    static Database openExisting(DatabaseOptions options, String migrations, boolean readOnly) {
        Dialect dialect = dialect(options);
        dialect.requirePresent();
        try {
            new Schema(options, dialect, true, migrations).require();
        } catch (RuntimeException e) {
            throw new Failures(options, dialect).translate(OPENING, e);
        }
        return new OpenDatabase(options, dialect, readOnly);
    }

    private static Dialect dialect(DatabaseOptions options) {
        if (options instanceof DatabaseOptions.Sqlite sqlite) {
            return new SqliteDialect(sqlite);
        }
        return new PostgresDialect((DatabaseOptions.Postgres) options);
    }

    private Pool pool(String name, HikariConfig config) {
        config.setPoolName("ferrymesh-" + name);
        try {
            HikariDataSource source = new HikariDataSource(config);
            Jdbi jdbi = Jdbi.create(source);
            // Statements and what is bound to them stay out of messages, and so out of logs.
            var unused = jdbi.getConfig(StatementExceptions.class)
                    .setMessageRendering(StatementExceptions.MessageRendering.NONE);
            return new Pool(source, jdbi);
        } catch (RuntimeException e) {
            throw failures.translate(OPENING, e);
        }
    }

    @Override
    public <T> T transaction(HandleCallback<T, RuntimeException> work) {
        if (writers == null) {
            throw new DatabaseException(Kind.INTERNAL, "the database " + options + " is open to read only", null);
        }
        Pool pool = writers;
        return translated(() -> retries.of(
                () -> pool.jdbi.withHandle(handle -> dialect.write(pool.source, handle, work)),
                failures::transientConflict));
    }

    @Override
    public <T> T read(HandleCallback<T, RuntimeException> work) {
        return translated(() -> readers.jdbi.withHandle(handle -> dialect.read(readers.source, handle, work)));
    }

    private <T> T translated(Supplier<T> work) {
        try {
            return work.get();
        } catch (JdbiException e) {
            throw failures.translate("the database failed", e);
        }
    }

    @Override
    public List<PoolFigures> pools() {
        List<PoolFigures> pools = new ArrayList<>();
        if (writers != null) {
            pools.add(figures("writers", writers));
        }
        pools.add(figures("readers", readers));
        return pools;
    }

    private static PoolFigures figures(String name, Pool pool) {
        @Nullable HikariPoolMXBean now = pool.source.getHikariPoolMXBean();
        return now == null
                ? new PoolFigures(name, 0, 0, 0)
                : new PoolFigures(
                        name, now.getActiveConnections(), now.getIdleConnections(), now.getThreadsAwaitingConnection());
    }

    @Override
    public DatabaseOptions options() {
        return options;
    }

    @Override
    public void close() {
        readers.source.close();
        if (writers != null) {
            writers.source.close();
        }
    }
}
