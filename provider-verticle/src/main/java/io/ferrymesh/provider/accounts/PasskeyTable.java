package io.ferrymesh.provider.accounts;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/** The rows of passkeys. */
final class PasskeyTable {

    /**
     * A passkey.
     *
     * @param id the credential id
     * @param publicKey attested credential data (WebAuthn level 3, section 6.5.1), with the key in COSE
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Row(
            byte[] id,
            long account,
            String label,
            byte[] publicKey,
            long signCount,
            boolean backupEligible,
            long createdAt,
            OptionalLong lastUsedAt) {}

    private PasskeyTable() {}

    /** Says whether there was none with this id. */
    static boolean insert(Handle handle, Row passkey) {
        return handle.createUpdate("INSERT INTO passkey (credential_id, account, label, public_key, sign_count,"
                                + " backup_eligible, created_at) VALUES (:id, :account, :label, :key, :count, :backup, :now)"
                                + " ON CONFLICT (credential_id) DO NOTHING")
                        .bind("id", passkey.id())
                        .bind("account", passkey.account())
                        .bind("label", passkey.label())
                        .bind("key", passkey.publicKey())
                        .bind("count", passkey.signCount())
                        .bind("backup", passkey.backupEligible() ? 1 : 0)
                        .bind("now", passkey.createdAt())
                        .execute()
                == 1;
    }

    static Optional<Row> find(Handle handle, byte[] id) {
        return handle.createQuery("SELECT * FROM passkey WHERE credential_id = :id")
                .bind("id", id)
                .map((row, context) -> row(row))
                .findOne();
    }

    /** Oldest first. */
    static List<Row> of(Handle handle, long account) {
        return handle.createQuery("SELECT * FROM passkey WHERE account = :account ORDER BY created_at, credential_id")
                .bind("account", account)
                .map((row, context) -> row(row))
                .list();
    }

    /** Says whether the authenticator has counted on since, or does not count. */
    static boolean used(Handle handle, byte[] id, long signCount, long now) {
        return handle.createUpdate(
                                "UPDATE passkey SET sign_count = :count, last_used_at = :now WHERE credential_id = :id"
                                        + " AND (sign_count < :count OR (sign_count = 0 AND :count = 0))")
                        .bind("count", signCount)
                        .bind("now", now)
                        .bind("id", id)
                        .execute()
                == 1;
    }

    /** Says whether it was the account's. */
    static boolean delete(Handle handle, long account, byte[] id) {
        return handle.createUpdate("DELETE FROM passkey WHERE credential_id = :id AND account = :account")
                        .bind("id", id)
                        .bind("account", account)
                        .execute()
                == 1;
    }

    static void deleteAll(Handle handle, long account) {
        int unused = handle.execute("DELETE FROM passkey WHERE account = ?", account);
    }

    private static Row row(ResultSet row) throws SQLException {
        long lastUsedAt = row.getLong("last_used_at");
        OptionalLong used = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(lastUsedAt);
        return new Row(
                row.getBytes("credential_id"),
                row.getLong("account"),
                row.getString("label"),
                row.getBytes("public_key"),
                row.getLong("sign_count"),
                row.getInt("backup_eligible") == 1,
                row.getLong("created_at"),
                used);
    }
}
