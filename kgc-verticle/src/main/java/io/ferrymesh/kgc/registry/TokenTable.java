package io.ferrymesh.kgc.registry;

import io.ferrymesh.scheme.Digest;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Enrolment tokens by their SHA-256: the tokens themselves are nowhere. */
public final class TokenTable {

    /** A token. */
    public record Row(long provider, long expiresAt, boolean spent) {}

    private TokenTable() {}

    /** A new one. */
    public static void insert(Handle handle, Digest token, long provider, long now, long expiresAt) {
        int unused = handle.createUpdate("INSERT INTO enrolment_token (token_sha256, provider, created_at, expires_at,"
                        + " spent_at) VALUES (:token, :provider, :now, :expires, NULL)")
                .bind("token", token.bytes())
                .bind("provider", provider)
                .bind("now", now)
                .bind("expires", expiresAt)
                .execute();
    }

    /** One by its hash. */
    public static Optional<Row> find(Handle handle, Digest token) {
        return handle.createQuery(
                        "SELECT provider, expires_at, spent_at FROM enrolment_token" + " WHERE token_sha256 = :token")
                .bind("token", token.bytes())
                .map((row, context) -> new Row(
                        row.getLong("provider"),
                        row.getLong("expires_at"),
                        Columns.optionalLong(row, "spent_at").isPresent()))
                .findOne();
    }

    /** How many could still be used. */
    public static long usable(Handle handle, long now) {
        return handle.createQuery("SELECT COUNT(*) FROM enrolment_token WHERE expires_at > :now AND spent_at IS NULL")
                .bind("now", now)
                .mapTo(Long.class)
                .one();
    }

    /** Spends one that is neither spent nor expired; false if there is none such. */
    public static boolean spend(Handle handle, Digest token, long now) {
        return handle.createUpdate("UPDATE enrolment_token SET spent_at = :now"
                                + " WHERE token_sha256 = :token AND spent_at IS NULL AND expires_at > :now")
                        .bind("now", now)
                        .bind("token", token.bytes())
                        .execute()
                == 1;
    }
}
