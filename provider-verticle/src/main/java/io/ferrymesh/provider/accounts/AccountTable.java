package io.ferrymesh.provider.accounts;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/** The rows of accounts, as far as logging in goes. */
final class AccountTable {

    /**
     * An account.
     *
     * @param active not being erased
     * @param password a PHC string; empty with passkeys only
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Row(long id, String name, boolean active, boolean locked, Optional<String> password, byte[] userHandle) {

        @Override
        public String toString() {
            return "Row[" + id + "]";
        }
    }

    private AccountTable() {}

    /** A number that this database has not given to any account. */
    static long nextId(Handle handle) {
        return nextId(handle, 1);
    }

    /** The same so many numbers on; those between are given to nobody. */
    static long nextId(Handle handle, long step) {
        return handle.createQuery("UPDATE counter SET value = value + :step WHERE name = 'account' RETURNING value")
                .bind("step", step)
                .mapTo(Long.class)
                .one();
    }

    /** Holds off others who register until the transaction ends. */
    static void lockRegistration(Handle handle) {
        int unused = handle.execute("UPDATE counter SET value = value WHERE name = 'account'");
    }

    static long count(Handle handle) {
        return handle.createQuery("SELECT COUNT(*) FROM account")
                .mapTo(Long.class)
                .one();
    }

    static Optional<Row> byName(Handle handle, String name) {
        return handle.createQuery("SELECT * FROM account WHERE name = :name")
                .bind("name", name)
                .map((row, context) -> row(row))
                .findOne();
    }

    static Optional<Row> byId(Handle handle, long id) {
        return handle.createQuery("SELECT * FROM account WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> row(row))
                .findOne();
    }

    /** Says every stored hash that does not begin so, a row at a time. */
    static void passwordsBut(Handle handle, String beginning, Consumer<String> each) {
        handle.createQuery("SELECT password FROM account WHERE password NOT LIKE :like")
                .bind("like", beginning + "%")
                .setFetchSize(1_000)
                .mapTo(String.class)
                .useStream(rows -> rows.forEach(each));
    }

    /** An active one. Fails with CONSTRAINT if the name is taken. */
    static void insert(Handle handle, Row account, long now) {
        int unused = handle.createUpdate("INSERT INTO account (id, name, state, password, user_handle, created_at)"
                        + " VALUES (:id, :name, 'ACTIVE', :password, :user_handle, :now)")
                .bind("id", account.id())
                .bind("name", account.name())
                .bind("password", account.password().orElse(null))
                .bind("user_handle", account.userHandle())
                .bind("now", now)
                .execute();
    }

    /**
     * Sets the password and holds the row, if the account is active, not locked and still has the password it had; says whether.
     */
    static boolean setPassword(Handle handle, Row before, Optional<String> password) {
        return handle.createUpdate("UPDATE account SET password = :password WHERE id = :id AND state = 'ACTIVE'"
                                + " AND locked_at IS NULL AND password IS NOT DISTINCT FROM CAST(:before AS TEXT)")
                        .bind("password", password.orElse(null))
                        .bind("id", before.id())
                        .bind("before", before.password().orElse(null))
                        .execute()
                == 1;
    }

    /** Holds the row of an active account; empty if there is none. */
    static Optional<Row> lock(Handle handle, long id) {
        return handle.createQuery("UPDATE account SET state = state WHERE id = :id AND state = 'ACTIVE' RETURNING *")
                .bind("id", id)
                .map((row, context) -> row(row))
                .findOne();
    }

    /** Begins the end of an active account: nobody can log in any more. Says whether there was one. */
    static boolean beginErasing(Handle handle, long id, long now) {
        boolean active = handle.createUpdate("UPDATE account SET state = 'ERASING', password = NULL, erasing_at = :now"
                                + " WHERE id = :id AND state = 'ACTIVE'")
                        .bind("now", now)
                        .bind("id", id)
                        .execute()
                == 1;
        if (active) {
            for (String table : new String[] {"session", "passkey", "known_network"}) {
                int unused = handle.execute("DELETE FROM " + table + " WHERE account = ?", id);
            }
        }
        return active;
    }

    private static Row row(ResultSet row) throws SQLException {
        long lockedAt = row.getLong("locked_at");
        boolean locked = !row.wasNull() && lockedAt >= 0;
        return new Row(
                row.getLong("id"),
                row.getString("name"),
                row.getString("state").equals("ACTIVE"),
                locked,
                Optional.ofNullable(row.getString("password")),
                row.getBytes("user_handle"));
    }
}
