package io.ferrymesh.provider.work;

import io.ferrymesh.provider.service.AccountId;
import org.jdbi.v3.core.Handle;

/** Long jobs of which one process does each. */
final class JobTable {

    private JobTable() {}

    /** Takes a job; false if another process has it. */
    static boolean take(Handle handle, String name, AccountId account, String holder) {
        return handle.createUpdate("INSERT INTO job (name, account, holder) VALUES (:name, :account, :holder)"
                                + " ON CONFLICT DO NOTHING")
                        .bind("name", name)
                        .bind("account", account.value())
                        .bind("holder", holder)
                        .execute()
                == 1;
    }

    /** Gives it back, done or not. */
    static void leave(Handle handle, String name, AccountId account, String holder) {
        Statements.run(
                handle.createUpdate("DELETE FROM job WHERE name = :name AND account = :account AND holder = :holder")
                        .bind("name", name)
                        .bind("account", account.value())
                        .bind("holder", holder));
    }
}
