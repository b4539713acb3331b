package io.ferrymesh.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.ferrymesh.database.DatabaseException.Kind;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.postgresql.ds.PGSimpleDataSource;

/** A server. Every wait for it has an end. */
final class PostgresDialect implements Dialect {

    private static final int WRITERS = 8;
    private static final int READERS = 4;
    private static final int CONNECT_SECONDS = 3;
    private static final int STATEMENT_MS = 8_000;
    /** Longer than the server may take for a statement, so that it is the server that gives up first. */
    private static final int SILENT_SECONDS = 10;

    private static final int IDLE_IN_TRANSACTION_MS = 60_000;
    private static final int POOL_WAIT_MS = 5_000;
    private static final int ROWS_AT_ONCE = 1_000;

    private static final int LOCK_MS = 5_000;
    private static final String LOCKED = "55P03";

    private static final Set<String> CONFLICTS = Set.of("40001", "40P01");
    /**
     * Connection, authorisation, resources, operator intervention and time-outs; a standby that only reads; and conflicts that
     * persisted.
     */
    private static final List<String> UNAVAILABLE =
            List.of("08", "28", "3D000", "53", "57", "58", "55P03", "25P03", "25006", "40");

    private final DatabaseOptions.Postgres options;

    PostgresDialect(DatabaseOptions.Postgres options) {
        this.options = options;
    }

    @Override
    public void prepare() {}

    @Override
    public void requirePresent() {}

    @Override
    public DataSource migrating(boolean readOnly) {
        PGSimpleDataSource source = source();
        source.setSocketTimeout(0);
        source.setReadOnly(readOnly);
        return source;
    }

    @Override
    public String migratingSql() {
        return "SET lock_timeout = " + LOCK_MS;
    }

    /** A migration that waits for a lock has everybody wait who comes after it, so it gives way and comes again. */
    @Override
    public boolean migrationMayPass(RuntimeException failure, Optional<SQLException> sql) {
        return sql.map(PostgresDialect::state).filter(LOCKED::equals).isPresent();
    }

    private PGSimpleDataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl("jdbc:" + options.url());
        options.user().ifPresent(source::setUser);
        options.password().ifPresent(source::setPassword);
        source.setConnectTimeout(CONNECT_SECONDS);
        source.setLoginTimeout(CONNECT_SECONDS);
        source.setSocketTimeout(SILENT_SECONDS);
        source.setTcpKeepAlive(true);
        source.setDefaultRowFetchSize(ROWS_AT_ONCE);
        // The detail of an error quotes rows.
        source.setLogServerErrorDetail(false);
        if (source.getApplicationName() == null) {
            source.setApplicationName("ferrymesh");
        }
        return source;
    }

    @Override
    public HikariConfig writers() {
        HikariConfig config = pool(WRITERS);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        return config;
    }

    @Override
    public HikariConfig readers() {
        HikariConfig config = pool(READERS);
        config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        config.setReadOnly(true);
        return config;
    }

    private HikariConfig pool(int size) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source());
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(POOL_WAIT_MS);
        config.setConnectionInitSql("SET statement_timeout = " + STATEMENT_MS
                + "; SET idle_in_transaction_session_timeout = " + IDLE_IN_TRANSACTION_MS
                + "; SET synchronous_commit = on");
        return config;
    }

    @Override
    public <T> T write(HikariDataSource pool, Handle handle, HandleCallback<T, RuntimeException> work) {
        return handle.inTransaction(work);
    }

    @Override
    public <T> T read(HikariDataSource pool, Handle handle, HandleCallback<T, RuntimeException> work) {
        return handle.inTransaction(work);
    }

    @Override
    public boolean transientConflict(SQLException failure) {
        return CONFLICTS.contains(state(failure));
    }

    @Override
    public Kind kind(SQLException failure) {
        String state = state(failure);
        if (state.startsWith("23")) {
            return Kind.CONSTRAINT;
        }
        boolean away = UNAVAILABLE.stream().anyMatch(state::startsWith) || PoolFailures.isOne(failure);
        return away ? Kind.UNAVAILABLE : Kind.INTERNAL;
    }

    private static String state(SQLException failure) {
        return Optional.ofNullable(failure.getSQLState()).orElse("");
    }
}
