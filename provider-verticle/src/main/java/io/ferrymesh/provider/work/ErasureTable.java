package io.ferrymesh.provider.work;

import io.ferrymesh.provider.service.AccountId;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Accounts that are to be erased, and when it is tried again. */
final class ErasureTable {

    private static final long FIRST_MS = 5_000;
    private static final long LAST_MS = 3_600_000;

    private ErasureTable() {}

    /** Those whose turn it is, first those whose turn it was first: one that cannot go keeps no other from its turn. */
    static List<AccountId> due(Handle handle, long now, int limit) {
        return handle.createQuery("SELECT account.id FROM account LEFT JOIN erasure ON erasure.account = account.id"
                        + " WHERE account.state = 'ERASING' AND (erasure.due_at IS NULL OR erasure.due_at <= :now"
                        + " OR erasure.due_at > :never)" // somebody has set the clock back
                        + " ORDER BY COALESCE(erasure.due_at, 0), account.id LIMIT :limit")
                .bind("now", now)
                .bind("never", now + LAST_MS)
                .bind("limit", limit)
                .mapTo(Long.class)
                .map(AccountId::new)
                .list();
    }

    /** It waits for somebody who still works for the account: its turn comes again after all others'. */
    static void waits(Handle handle, AccountId account, long now) {
        Statements.run(handle.createUpdate("INSERT INTO erasure (account, failures, due_at)"
                        + " SELECT id, 0, CAST(:now AS BIGINT) FROM account WHERE id = :account"
                        + " ON CONFLICT (account) DO UPDATE SET due_at = excluded.due_at")
                .bind("account", account.value())
                .bind("now", now));
    }

    /** It has failed: it is tried again after 5 s, and twice as long each further time, up to an hour. Whether it is the first time. */
    static boolean failed(Handle handle, AccountId account, long now) {
        List<Long> failures = handle.createQuery("INSERT INTO erasure (account, failures, due_at)"
                        + " SELECT id, 1, CAST(:now AS BIGINT) FROM account WHERE id = :account"
                        + " ON CONFLICT (account) DO UPDATE SET failures = erasure.failures + 1"
                        + " RETURNING failures")
                .bind("account", account.value())
                .bind("now", now)
                .mapTo(Long.class)
                .list();
        if (failures.isEmpty()) {
            return false; // it is gone
        }
        long doublings = Math.min(failures.get(0) - 1, 20);
        waits(handle, account, now + Math.min(LAST_MS, FIRST_MS << doublings));
        return failures.get(0) == 1;
    }
}
