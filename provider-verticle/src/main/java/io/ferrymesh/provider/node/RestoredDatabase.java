package io.ferrymesh.provider.node;

import io.ferrymesh.database.Database;
import io.ferrymesh.provider.work.RestoredGrants;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a provider's database that was put back to an earlier state, by whatever means, before it is served from again.
 * docs/keys.md, Backups.
 */
public final class RestoredDatabase {

    /** More accounts than can have come since any backup. */
    private static final long NUMBERS = 1_000_000_000;

    /**
     * What was done.
     *
     * @param lastNumber the next account has a number after this
     * @param credentials how many were removed, because they may have been used since
     * @param sessions how many were ended, because they may have been ended since
     * @param grants how many were withdrawn, because they may have been withdrawn since
     */
    public record Done(long lastNumber, int credentials, int sessions, int grants) {}

    private static final Logger LOG = LoggerFactory.getLogger(RestoredDatabase.class);

    private RestoredDatabase() {}

    /**
     * Goes on with numbers of accounts that none can have had since, forgets the credentials in stock, ends every session,
     * withdraws every grant, erases and removes nothing more for moves and mirrors, which may be of long ago, and has the space that
     * accounts use counted anew. No process may run. Done again it does no harm. Blocking; fails with DatabaseException.
     */
    public static Done take(Database database) {
        return database.transaction(RestoredDatabase::take);
    }

    private static Done take(Handle handle) {
        long last = handle.createQuery(
                        "UPDATE counter SET value = value + :numbers WHERE name = 'account' RETURNING value")
                .bind("numbers", NUMBERS)
                .mapTo(Long.class)
                .one();
        int credentials = handle.execute("DELETE FROM credential WHERE role = 'STOCK'");
        int sessions = handle.execute("DELETE FROM session");
        int mirrors = handle.execute(
                "UPDATE migration SET mirror = 'LEFT', mirror_code = 'CANCELLED' WHERE mirror = 'RUNNING'");
        LOG.debug("{} mirrors remove nothing more", mirrors);
        int grants = RestoredGrants.withdraw(handle, System.currentTimeMillis());
        int unused = handle.execute(
                "INSERT INTO space_count (account, changes, due_at) SELECT id, 1, 0 FROM account WHERE true"
                        + " ON CONFLICT (account) DO UPDATE SET changes = space_count.changes + 1, due_at = 0");
        return new Done(last, credentials, sessions, grants);
    }
}
