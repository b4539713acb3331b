package io.ferrymesh.provider.work;

import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.stores.ObjectPath;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Objects of accounts that a store keeps before they are published, and the space they hold. */
final class KeptTable {

    /** One of them. */
    record Kept(AccountId account, String token, ObjectPath path) {}

    private KeptTable() {}

    /** An object holds so much of an account's space from now on. */
    static void put(Handle handle, AccountId account, String token, ObjectPath path, long bytes, long now) {
        Statements.run(handle.createUpdate(
                        "INSERT INTO kept_object (account, token, path, bytes, touched_at)"
                                + " VALUES (:account, :token, :path, :bytes, :now)"
                                + " ON CONFLICT (account, token) DO UPDATE SET bytes = excluded.bytes, touched_at = excluded.touched_at")
                .bind("account", account.value())
                .bind("token", token)
                .bind("path", path.toString())
                .bind("bytes", bytes)
                .bind("now", now));
    }

    /** What all kept objects of an account hold together. */
    static long bytes(Handle handle, AccountId account) {
        return handle.createQuery("SELECT COALESCE(SUM(bytes), 0) FROM kept_object WHERE account = :account")
                .bind("account", account.value())
                .mapTo(Long.class)
                .one();
    }

    /** What one holds, which it does no more. */
    static long take(Handle handle, AccountId account, String token) {
        long bytes = handle.createQuery("SELECT bytes FROM kept_object WHERE account = :account AND token = :token")
                .bind("account", account.value())
                .bind("token", token)
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
        Statements.run(
                handle.createUpdate("UPDATE kept_object SET bytes = 0 WHERE account = :account AND token = :token")
                        .bind("account", account.value())
                        .bind("token", token));
        return bytes;
    }

    /** Takes note that somebody works on one; whether it holds so much. */
    static boolean touch(Handle handle, AccountId account, String token, long bytes, long now) {
        return handle.createUpdate("UPDATE kept_object SET touched_at = :now"
                                + " WHERE account = :account AND token = :token AND bytes >= :bytes")
                        .bind("now", now)
                        .bind("account", account.value())
                        .bind("token", token)
                        .bind("bytes", bytes)
                        .execute()
                == 1;
    }

    /** One of this path is published or gone. */
    static void remove(Handle handle, AccountId account, ObjectPath path, String token) {
        Statements.run(handle.createUpdate(
                        "DELETE FROM kept_object WHERE account = :account AND token = :token AND path = :path")
                .bind("account", account.value())
                .bind("token", token)
                .bind("path", path.toString()));
    }

    /** Some of an account. */
    static List<Kept> of(Handle handle, AccountId account, int limit) {
        return handle.createQuery("SELECT account, token, path FROM kept_object WHERE account = :account LIMIT :limit")
                .bind("account", account.value())
                .bind("limit", limit)
                .map((row, context) -> kept(row))
                .list();
    }

    /** Takes out some that nobody has worked on since. */
    static List<Kept> takeUntouched(Handle handle, long before, int limit) {
        return handle.createQuery("DELETE FROM kept_object WHERE touched_at < :before AND (account, token) IN"
                        + " (SELECT account, token FROM kept_object WHERE touched_at < :before LIMIT :limit)"
                        + " RETURNING account, token, path")
                .bind("before", before)
                .bind("limit", limit)
                .map((row, context) -> kept(row))
                .list();
    }

    private static Kept kept(ResultSet row) throws SQLException {
        return new Kept(
                new AccountId(row.getLong("account")), row.getString("token"), ObjectPath.of(row.getString("path")));
    }
}
