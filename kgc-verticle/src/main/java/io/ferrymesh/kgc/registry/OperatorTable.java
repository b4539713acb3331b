package io.ferrymesh.kgc.registry;

import io.ferrymesh.scheme.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The operators' rows. Whether one is genuine, its MAC says. */
public final class OperatorTable {

    /**
     * A row as it is written, whoever wrote it.
     *
     * @param mac in hex
     * @param added the audit entry that says so
     */
    public record Row(String name, String role, Digest tokenSha256, String mac, long createdAt, long added) {}

    private OperatorTable() {}

    /** A new one; false if the name is taken. */
    public static boolean insert(Handle handle, Row operator) {
        return handle.createUpdate("INSERT INTO operator (name, role, token_sha256, mac, created_at, added)"
                                + " VALUES (:name, :role, :token, :mac, :created, :added) ON CONFLICT DO NOTHING")
                        .bind("name", operator.name())
                        .bind("role", operator.role())
                        .bind("token", operator.tokenSha256().bytes())
                        .bind("mac", HexFormat.of().parseHex(operator.mac()))
                        .bind("created", operator.createdAt())
                        .bind("added", operator.added())
                        .execute()
                == 1;
    }

    /** All, by name. */
    public static List<Row> all(Handle handle) {
        return handle.createQuery("SELECT * FROM operator ORDER BY name")
                .map((row, context) -> row(row))
                .list();
    }

    /** Whose token this is the hash of. */
    public static Optional<Row> find(Handle handle, Digest token) {
        return handle.createQuery("SELECT * FROM operator WHERE token_sha256 = :token")
                .bind("token", token.bytes())
                .map((row, context) -> row(row))
                .findOne();
    }

    /** Removes one; false if there is none of that name. */
    public static boolean delete(Handle handle, String name) {
        return handle.createUpdate("DELETE FROM operator WHERE name = :name")
                        .bind("name", name)
                        .execute()
                == 1;
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getString("name"),
                row.getString("role"),
                Digest.of(row.getBytes("token_sha256")),
                HexFormat.of().formatHex(row.getBytes("mac")),
                row.getLong("created_at"),
                row.getLong("added"));
    }
}
