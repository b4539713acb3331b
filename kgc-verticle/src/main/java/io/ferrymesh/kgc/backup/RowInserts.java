package io.ferrymesh.kgc.backup;

import io.ferrymesh.kgc.backup.BackupTables.ColumnType;
import io.ferrymesh.kgc.backup.BackupTables.Table;
import java.sql.Types;
import java.util.Collections;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Inserts the rows of a backup, many at once. */
final class RowInserts implements BackupReader.Sink {

    private static final int AT_ONCE = 500;

    private final Handle handle;
    private @Nullable PreparedBatch batch;
    private long rows;

    RowInserts(Handle handle) {
        this.handle = handle;
    }

    @Override
    public void row(Table table, List<@Nullable Object> values) {
        PreparedBatch into = batch == null ? prepare(table) : batch;
        batch = into;
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            if (value == null) {
                into.bindNull(i, sqlType(table.columns().get(i).type()));
            } else {
                into.bind(i, value);
            }
        }
        into.add();
        rows++;
        if (into.size() == AT_ONCE) {
            into.execute();
        }
    }

    @Override
    public void end(Table table) {
        if (batch != null) {
            if (batch.size() > 0) {
                batch.execute();
            }
            batch.close();
            batch = null;
        }
    }

    private PreparedBatch prepare(Table table) {
        String marks = String.join(", ", Collections.nCopies(table.columns().size(), "?"));
        return handle.prepareBatch("INSERT INTO " + table.name() + " (" + table.names() + ") VALUES (" + marks + ")");
    }

    private static int sqlType(ColumnType type) {
        return switch (type) {
            case INTEGER -> Types.BIGINT;
            case TEXT -> Types.VARCHAR;
            case BYTES -> Types.BINARY;
        };
    }

    long rows() {
        return rows;
    }
}
