package io.ferrymesh.provider.work;

import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.UserStores;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** How much of their space accounts use, and what processes have set aside of the rest. */
final class SpaceTable {

    private SpaceTable() {}

    /** What an account uses as far as it is written down, and may use; empty when it is gone. */
    static Optional<UserStores.Usage> usage(Handle handle, AccountId account, long quota) {
        return handle.createQuery("SELECT COALESCE(used_bytes, 0) AS used, COALESCE(quota_bytes, :quota) AS quota"
                        + " FROM account WHERE id = :account")
                .bind("quota", quota)
                .bind("account", account.value())
                .map((row, context) -> new UserStores.Usage(Math.max(0, row.getLong("used")), row.getLong("quota")))
                .findOne();
    }

    /** What charging an account came to. */
    enum Charged {
        YES,
        /** Nothing was added: it was never counted. */
        UNCOUNTED,
        /** There is no such account any more. */
        GONE
    }

    /** Adds to what an account uses, and holds its row until the transaction ends. */
    static Charged charge(Handle handle, AccountId account, long charged, long freed) {
        long bytes = charged - freed;
        List<Boolean> counted = handle.createQuery("UPDATE account SET used_bytes ="
                        + " CASE WHEN used_bytes + :bytes < 0 THEN 0 ELSE used_bytes + :bytes END"
                        + " WHERE id = :account RETURNING used_bytes")
                .bind("bytes", bytes)
                .bind("account", account.value())
                .map((row, context) -> Columns.number(row, "used_bytes").isPresent())
                .list();
        if (counted.isEmpty()) {
            return Charged.GONE;
        }
        if (charged != 0 || freed != 0) {
            changed(handle, account);
        }
        return counted.get(0) ? Charged.YES : Charged.UNCOUNTED;
    }

    /** A count that is under way is not exact. */
    static void changed(Handle handle, AccountId account) {
        Statements.run(handle.createUpdate("INSERT INTO space_count (account, changes) VALUES (:account, 1)"
                        + " ON CONFLICT (account) DO UPDATE SET changes = space_count.changes + 1")
                .bind("account", account.value()));
    }

    /** Whether it is not being erased. */
    static boolean active(Handle handle, AccountId account) {
        return handle.createQuery("SELECT COUNT(*) FROM account WHERE id = :account AND state = 'ACTIVE'")
                        .bind("account", account.value())
                        .mapTo(Long.class)
                        .one()
                == 1;
    }

    /** What all processes together have set aside of an account's space. */
    static long reserved(Handle handle, AccountId account) {
        return handle.createQuery("SELECT COALESCE(SUM(bytes), 0) FROM space_reservation WHERE account = :account")
                .bind("account", account.value())
                .mapTo(Long.class)
                .one();
    }

    /** Whether no process has set any of an account's space aside: nothing of it is on its way. */
    static boolean unreserved(Handle handle, AccountId account) {
        return handle.createQuery("SELECT COUNT(*) FROM space_reservation WHERE account = :account")
                        .bind("account", account.value())
                        .mapTo(Long.class)
                        .one()
                == 0;
    }

    /** Sets what a process has set aside of an account's space. */
    static void reserve(Handle handle, AccountId account, String instance, long bytes) {
        String sql = bytes == 0
                ? "DELETE FROM space_reservation WHERE account = :account AND instance = :instance AND :bytes = 0"
                : "INSERT INTO space_reservation (account, instance, bytes) VALUES (:account, :instance, :bytes)"
                        + " ON CONFLICT (account, instance) DO UPDATE SET bytes = excluded.bytes";
        Statements.run(handle.createUpdate(sql)
                .bind("account", account.value())
                .bind("instance", instance)
                .bind("bytes", bytes));
    }

    /** Takes what a process that is gone had set aside for used, and has those accounts counted again. */
    static void settleAll(Handle handle, String instance, long now) {
        Statements.run(handle.createUpdate("UPDATE account SET used_bytes = used_bytes"
                        + " + (SELECT bytes FROM space_reservation AS held WHERE held.account = account.id"
                        + " AND held.instance = :instance)"
                        + " WHERE id IN (SELECT account FROM space_reservation WHERE instance = :instance)")
                .bind("instance", instance));
        Statements.run(handle.createUpdate(
                        "INSERT INTO space_count (account, changes, due_at)"
                                + " SELECT account, 1, :now FROM space_reservation WHERE instance = :instance"
                                + " ON CONFLICT (account) DO UPDATE SET changes = space_count.changes + 1, due_at = excluded.due_at")
                .bind("now", now)
                .bind("instance", instance));
        Statements.run(handle.createUpdate("DELETE FROM space_reservation WHERE instance = :instance")
                .bind("instance", instance));
    }

    /** Accounts that were never counted, or are to be counted again. */
    static List<AccountId> uncounted(Handle handle, long now, int limit) {
        return handle.createQuery("SELECT account.id FROM space_count JOIN account ON account.id = space_count.account"
                        + " WHERE due_at <= :now AND state = 'ACTIVE'"
                        + " UNION SELECT id FROM account WHERE used_bytes IS NULL AND state = 'ACTIVE' AND NOT EXISTS"
                        + " (SELECT 1 FROM space_count WHERE space_count.account = account.id AND due_at > :now)"
                        + " LIMIT :limit")
                .bind("now", now)
                .bind("limit", limit)
                .mapTo(Long.class)
                .map(AccountId::new)
                .list();
    }

    /** What is compared before and after counting: it is the same if nothing was charged, given back or set aside. */
    static Optional<Long> quiet(Handle handle, AccountId account) {
        long changes = handle.createQuery("SELECT changes FROM space_count WHERE account = :account")
                .bind("account", account.value())
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
        return reserved(handle, account) == 0 ? Optional.of(changes) : Optional.empty();
    }

    /** Sets what an account uses. */
    static void counted(Handle handle, AccountId account, long used) {
        Statements.run(handle.createUpdate("UPDATE account SET used_bytes = :used WHERE id = :account")
                .bind("used", used)
                .bind("account", account.value()));
    }

    /** Raises what an account uses to what was found, if it is less or not known: what was charged meanwhile stays. */
    static void atLeast(Handle handle, AccountId account, long found) {
        Statements.run(handle.createUpdate("UPDATE account SET used_bytes = :found"
                        + " WHERE id = :account AND (used_bytes IS NULL OR used_bytes < :found)")
                .bind("found", found)
                .bind("account", account.value()));
    }

    /** Holds an account's row until the transaction ends: nothing is charged or given back meanwhile. */
    static void hold(Handle handle, AccountId account) {
        Statements.run(handle.createUpdate("UPDATE account SET used_bytes = used_bytes WHERE id = :account")
                .bind("account", account.value()));
    }

    /** Has an account counted again from a time on at the latest. */
    static void dueBy(Handle handle, AccountId account, long dueAt) {
        Statements.run(handle.createUpdate("INSERT INTO space_count (account, changes, due_at)"
                        + " SELECT id, 0, CAST(:due AS BIGINT) FROM account WHERE id = :account"
                        + " ON CONFLICT (account) DO UPDATE SET due_at = excluded.due_at"
                        + " WHERE space_count.due_at IS NULL OR space_count.due_at > excluded.due_at")
                .bind("account", account.value())
                .bind("due", dueAt));
    }

    /** Has an account counted again from a time on, if one is given. */
    static void due(Handle handle, AccountId account, Optional<Long> dueAt) {
        Statements.run(handle.createUpdate("INSERT INTO space_count (account, changes, due_at)"
                        + " SELECT id, 0, CAST(:due AS BIGINT) FROM account WHERE id = :account"
                        + " ON CONFLICT (account) DO UPDATE SET due_at = excluded.due_at")
                .bind("account", account.value())
                .bind("due", dueAt.orElse(null)));
    }
}
