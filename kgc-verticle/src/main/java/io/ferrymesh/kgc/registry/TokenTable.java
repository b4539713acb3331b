package io.ferrymesh.kgc.registry;

import io.ferrymesh.scheme.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Enrolment tokens by their SHA-256: the tokens themselves are nowhere. Whether a row is genuine, its MAC says. */
public final class TokenTable {

    /** A token as its row says, whoever wrote it; the MAC in hex. */
    public record Row(long provider, long expiresAt, String mac, boolean spent) {}

    private TokenTable() {}

    /** A new one, unspent. */
    public static void insert(Handle handle, Digest token, Row row, long now) {
        int unused = handle.createUpdate("INSERT INTO enrolment_token (token_sha256, provider, created_at, expires_at,"
                        + " mac, spent_at) VALUES (:token, :provider, :now, :expires, :mac, NULL)")
                .bind("token", token.bytes())
                .bind("provider", row.provider())
                .bind("now", now)
                .bind("expires", row.expiresAt())
                .bind("mac", HexFormat.of().parseHex(row.mac()))
                .execute();
    }

    /** One by its hash. */
    public static Optional<Row> find(Handle handle, Digest token) {
        return handle.createQuery("SELECT * FROM enrolment_token WHERE token_sha256 = :token")
                .bind("token", token.bytes())
                .map((row, context) -> row(row))
                .findOne();
    }

    /** How many could still be used. */
    public static long usable(Handle handle, long now) {
        return handle.createQuery("SELECT COUNT(*) FROM enrolment_token WHERE expires_at > :now AND spent_at IS NULL")
                .bind("now", now)
                .mapTo(Long.class)
                .one();
    }

    /** Spends one that is neither spent nor expired; empty if there is none such. */
    public static Optional<Row> spend(Handle handle, Digest token, long now) {
        return handle.createQuery("UPDATE enrolment_token SET spent_at = :now"
                        + " WHERE token_sha256 = :token AND spent_at IS NULL AND expires_at > :now RETURNING *")
                .bind("now", now)
                .bind("token", token.bytes())
                .map((row, context) -> row(row))
                .findOne();
    }

    /** Removes all that are not spent; returns how many. */
    public static int deleteUnspent(Handle handle) {
        return handle.execute("DELETE FROM enrolment_token WHERE spent_at IS NULL");
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong("provider"),
                row.getLong("expires_at"),
                HexFormat.of().formatHex(row.getBytes("mac")),
                Columns.optionalLong(row, "spent_at").isPresent());
    }
}
