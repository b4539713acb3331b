package io.ferrymesh.kgc.registry;

import io.ferrymesh.scheme.HpkePublicKey;
import io.ferrymesh.scheme.KgcPublicKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/** The key epochs there were. */
public final class EpochTable {

    /** An epoch. Times are epoch seconds; the first one's secrets are in the key files only. */
    public record Row(
            int number,
            KgcPublicKey key,
            HpkePublicKey hpke,
            long announcedAt,
            long activeFrom,
            OptionalLong retiresAt,
            Optional<byte[]> sealedSecrets) {}

    private EpochTable() {}

    /** All, ascending. */
    public static List<Row> all(Handle handle) {
        return handle.createQuery("SELECT * FROM key_epoch ORDER BY number")
                .map((row, context) -> row(row))
                .list();
    }

    /** A new one. */
    public static void insert(Handle handle, Row epoch) {
        int unused = handle.createUpdate("INSERT INTO key_epoch (number, public_key, hpke_public_key, announced_at,"
                        + " active_from, retires_at, sealed_secrets) VALUES (:number, :key, :hpke, :announced, :active,"
                        + " NULL, :sealed)")
                .bind("number", (long) epoch.number())
                .bind("key", epoch.key().encoded())
                .bind("hpke", epoch.hpke().encoded())
                .bind("announced", epoch.announcedAt())
                .bind("active", epoch.activeFrom())
                .bind("sealed", epoch.sealedSecrets().orElse(null))
                .execute();
    }

    /** Says when one retires. */
    public static void retire(Handle handle, int number, long retiresAt) {
        int unused = handle.createUpdate("UPDATE key_epoch SET retires_at = :retires WHERE number = :number")
                .bind("retires", retiresAt)
                .bind("number", (long) number)
                .execute();
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                (int) row.getLong("number"),
                KgcPublicKey.decode(row.getBytes("public_key")),
                HpkePublicKey.decode(row.getBytes("hpke_public_key")),
                row.getLong("announced_at"),
                row.getLong("active_from"),
                Columns.optionalLong(row, "retires_at"),
                Optional.ofNullable(row.getBytes("sealed_secrets")));
    }
}
