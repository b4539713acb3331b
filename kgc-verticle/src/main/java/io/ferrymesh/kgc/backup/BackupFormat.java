package io.ferrymesh.kgc.backup;

import io.ferrymesh.kgc.backup.BackupException.Reason;
import io.ferrymesh.kgc.backup.BackupTables.Column;
import io.ferrymesh.kgc.backup.BackupTables.ColumnType;
import io.ferrymesh.kgc.backup.BackupTables.Table;
import io.ferrymesh.scheme.Digest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a backup, each a JSON text: the header, then for every table a line that names it and its columns and a line for
 * each row, and the SHA-256 of everything before. docs/kgc.md, Backup.
 */
final class BackupFormat {

    private static final String MAGIC = "ferrymesh-kgc-backup";
    private static final int VERSION = 1;

    /** Of what and when a backup is. */
    record Header(Digest centre, long createdAt, long auditEntries) {}

    private BackupFormat() {}

    static String header(Header header) {
        return new JsonObject()
                .put("format", MAGIC)
                .put("version", VERSION)
                .put("schema", BackupTables.SCHEMA)
                .put("centre", header.centre.toString())
                .put("createdAt", header.createdAt)
                .put("auditEntries", header.auditEntries)
                .encode();
    }

    static Header header(String line) {
        JsonObject header = object(line, Reason.NOT_A_BACKUP);
        if (!MAGIC.equals(header.getValue("format"))) {
            throw new BackupException(Reason.NOT_A_BACKUP, "it is no backup of a key centre's registry");
        }
        int version = (int) number(header, "version");
        int schema = (int) number(header, "schema");
        if (version != VERSION || schema != BackupTables.SCHEMA) {
            throw new BackupException(
                    Reason.NOT_A_BACKUP,
                    "it has version " + version + " and schema " + schema + ", but this program restores version "
                            + VERSION + " with schema " + BackupTables.SCHEMA);
        }
        requireKeys(header, Set.of("format", "version", "schema", "centre", "createdAt", "auditEntries"));
        try {
            Digest centre = Digest.parse(String.valueOf(header.getValue("centre")));
            return new Header(centre, number(header, "createdAt"), number(header, "auditEntries"));
        } catch (IllegalArgumentException e) {
            throw altered("its header names no key centre");
        }
    }

    static String table(Table table) {
        return new JsonObject()
                .put("table", table.name())
                .put("columns", new JsonArray(table.described()))
                .encode();
    }

    static void requireTable(String line, Table table) {
        if (!line.equals(table(table))) {
            throw altered("table " + table.name() + " does not follow where it should");
        }
    }

    static boolean isRow(String line) {
        return line.startsWith("[");
    }

    /** A row of longs, texts and byte arrays; any may be null. */
    static String row(List<? extends @Nullable Object> values) {
        JsonArray row = new JsonArray();
        for (Object value : values) {
            if (value == null) {
                row.addNull();
            } else if (value instanceof byte[] bytes) {
                row.add(Base64.getEncoder().encodeToString(bytes));
            } else {
                row.add(value);
            }
        }
        return row.encode();
    }

    static List<@Nullable Object> row(String line, Table table) {
        JsonArray row;
        try {
            row = new JsonArray(line);
        } catch (DecodeException e) {
            throw altered("a row of " + table.name() + " is no JSON");
        }
        if (row.size() != table.columns().size()) {
            throw altered("a row of " + table.name() + " has " + row.size() + " columns");
        }
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            values.add(value(row.getValue(i), table, table.columns().get(i)));
        }
        return values;
    }

    private static @Nullable Object value(@Nullable Object value, Table table, Column column) {
        if (value == null) {
            return null;
        }
        if (column.type() == ColumnType.INTEGER && (value instanceof Integer || value instanceof Long)) {
            return ((Number) value).longValue();
        }
        if (column.type() == ColumnType.TEXT && value instanceof String) {
            return value;
        }
        if (column.type() == ColumnType.BYTES && value instanceof String text) {
            try {
                return Base64.getDecoder().decode(text);
            } catch (IllegalArgumentException e) {
                throw altered(table.name() + "." + column.name() + " is no base64");
            }
        }
        throw altered(table.name() + "." + column.name() + " is of another type");
    }

    static String trailer(String sha256) {
        return new JsonObject().put("sha256", sha256).encode();
    }

    static void requireTrailer(String line, String sha256) {
        if (!line.equals(trailer(sha256))) {
            throw altered("its content does not have the SHA-256 at its end");
        }
    }

    static BackupException altered(String how) {
        return new BackupException(Reason.ALTERED, "it is not as it was written: " + how);
    }

    private static JsonObject object(String line, Reason reason) {
        try {
            return new JsonObject(line);
        } catch (DecodeException e) {
            throw new BackupException(reason, "it is no backup of a key centre's registry");
        }
    }

    private static void requireKeys(JsonObject object, Set<String> keys) {
        if (!object.fieldNames().equals(keys)) {
            throw altered("its header has the members " + object.fieldNames());
        }
    }

    private static long number(JsonObject object, String key) {
        Object value = object.getValue(key);
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        throw altered("its header has no number " + key);
    }
}
