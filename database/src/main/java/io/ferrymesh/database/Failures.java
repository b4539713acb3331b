package io.ferrymesh.database;

import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns what JDBC, the pool, Jdbi or Flyway threw into this module's one exception. */
final class Failures {

    private static final int DEEPEST = 20;

    private final DatabaseOptions options;
    private final Dialect dialect;

    Failures(DatabaseOptions options, Dialect dialect) {
        this.options = options;
        this.dialect = dialect;
    }

    /** What it was about, and why it failed in the driver's or the server's words. */
    DatabaseException translate(String what, RuntimeException failure) {
        if (failure instanceof DatabaseException known) {
            return known;
        }
        Optional<SQLException> sql = sql(failure);
        DatabaseException.Kind kind = sql.map(dialect::kind).orElse(DatabaseException.Kind.INTERNAL);
        return new DatabaseException(kind, what + " (" + options + "): " + words(failure, sql), failure);
    }

    /** Whether to try again to bring the schema up to date. */
    boolean migrationMayPass(RuntimeException failure) {
        return dialect.migrationMayPass(failure, sql(failure));
    }

    /** Whether to do the transaction again. */
    boolean transientConflict(RuntimeException failure) {
        return sql(failure).filter(dialect::transientConflict).isPresent();
    }

    /** The exception nearest to the cause that says something about the database. */
    private static Optional<SQLException> sql(Throwable failure) {
        SQLException found = null;
        @Nullable Throwable each = failure;
        for (int depth = 0; each != null && depth < DEEPEST; depth++) {
            if (each instanceof SQLException sql
                    && (found == null || sql.getSQLState() != null || sql.getErrorCode() != 0)) {
                found = sql;
            }
            each = each.getCause();
        }
        return Optional.ofNullable(found);
    }

    private static String words(RuntimeException failure, Optional<SQLException> sql) {
        String message = Optional.ofNullable(
                        sql.map(Throwable.class::cast).orElse(failure).getMessage())
                .orElse(failure.getClass().getSimpleName());
        return message.lines().findFirst().orElse("").strip();
    }
}
