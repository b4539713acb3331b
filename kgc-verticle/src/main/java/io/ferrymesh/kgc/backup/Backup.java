package io.ferrymesh.kgc.backup;

import io.ferrymesh.database.Database;
import io.ferrymesh.kgc.backup.BackupException.Reason;
import io.ferrymesh.kgc.backup.BackupFormat.Header;
import io.ferrymesh.kgc.backup.BackupTables.Column;
import io.ferrymesh.kgc.backup.BackupTables.Table;
import io.ferrymesh.kgc.operator.BackupInfo;
import io.ferrymesh.scheme.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Writes one consistent copy of the whole registry, as it was at one moment, while nodes go on. Streaming: memory does not grow
 * with the registry. What it writes is as confidential as the database and, like it, worth nothing without the key file.
 */
public final class Backup {

    private static final int ROWS_AT_ONCE = 1_000;

    private Backup() {}

    /**
     * Writes a file that must not be there yet. Fails with {@link BackupException}, or with DatabaseException.
     *
     * @param database may be open to read only
     */
    public static BackupInfo write(Database database, Path file, Instant now) {
        try (BackupWriter out = new BackupWriter(file)) {
            long auditEntries = database.read(handle -> {
                Header header = header(handle, now);
                try {
                    out.line(BackupFormat.header(header));
                    for (Table table : BackupTables.ALL) {
                        out.line(BackupFormat.table(table));
                        rows(handle, table, out);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return header.auditEntries();
            });
            String sha256 = out.complete();
            return new BackupInfo(name(file), Files.size(file), sha256, auditEntries, now);
        } catch (IOException | UncheckedIOException e) {
            throw new BackupException(Reason.IO, "the backup " + file + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static Header header(Handle handle, Instant now) {
        Digest centre = handle.createQuery("SELECT fingerprint FROM centre")
                .map((row, context) -> Digest.of(row.getBytes("fingerprint")))
                .findOne()
                .orElseThrow(() -> new BackupException(Reason.EMPTY, "no key centre has begun this registry yet"));
        long entries = handle.createQuery("SELECT number FROM head WHERE name = 'audit'")
                .mapTo(Long.class)
                .one();
        return new Header(centre, now.getEpochSecond(), entries);
    }

    private static void rows(Handle handle, Table table, BackupWriter out) throws IOException {
        String query = "SELECT " + table.names() + " FROM " + table.name() + " ORDER BY " + table.order();
        try (Stream<String> rows = handle
                .createQuery(query)
                .setFetchSize(ROWS_AT_ONCE)
                .map((row, context) -> BackupFormat.row(values(row, table)))
                .stream()) {
            for (String row : (Iterable<String>) rows::iterator) {
                out.line(row);
            }
        }
    }

    private static List<@Nullable Object> values(ResultSet row, Table table) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>();
        for (Column column : table.columns()) {
            Object value =
                    switch (column.type()) {
                        case INTEGER -> row.getLong(column.name());
                        case TEXT -> row.getString(column.name());
                        case BYTES -> row.getBytes(column.name());
                    };
            values.add(row.wasNull() ? null : value);
        }
        return values;
    }
}
