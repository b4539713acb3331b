package io.ferrymesh.provider.work;

import io.ferrymesh.scheme.MigrationId;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Whose turn it is of the migrations that nobody holds: of each account the one that has been due for longest, and of the accounts
 * first those of which fewest are held; none of an account where nothing may arrive now. It asks the indexes of {@code V10__queue.sql} once for each account that waits, never for each
 * migration, and for nothing while none is due.
 */
final class MigrationQueue {

    /**
     * One that may be begun.
     *
     * @param held how many of its account's are held
     * @param due since when
     * @param again whether an attempt came to nothing before
     */
    record Next(MigrationId id, long held, long due, boolean again) {}

    // As in the indexes, or they are not used.
    private static final String FREE = "holder IS NULL AND state IN ('QUEUED', 'CONNECTING', 'RUNNING')";
    private static final String AGAIN = "(CASE WHEN failure_code IS NULL THEN 0 ELSE 1 END)";
    private static final String DUE = "(CASE WHEN start_at > COALESCE(due_at, retry_at) THEN start_at"
            + " WHEN COALESCE(due_at, retry_at) = 0 THEN created_at ELSE COALESCE(due_at, retry_at) END)";

    private static final String KIND = " FROM migration WHERE " + FREE + " AND " + AGAIN + " = :again";

    static final String ANY = "SELECT id" + KIND + " AND " + DUE + " <= :now LIMIT 1";

    static final String HEADS = "WITH RECURSIVE waiting (account) AS (SELECT MIN(account)" + KIND
            + " UNION ALL SELECT (SELECT MIN(account)" + KIND + " AND account > waiting.account)"
            + " FROM waiting WHERE waiting.account IS NOT NULL)"
            + " SELECT id, held, " + DUE + " AS due FROM (SELECT (SELECT id" + KIND
            + " AND account = waiting.account AND " + DUE + " <= :now ORDER BY " + DUE + " LIMIT 1) AS head,"
            + " (SELECT COUNT(*) FROM migration WHERE account = waiting.account AND holder IS NOT NULL) AS held"
            + " FROM waiting WHERE waiting.account IS NOT NULL) AS heads JOIN migration ON migration.id = heads.head"
            + " WHERE held < :most AND" + Apart.MAY_ARRIVE + " ORDER BY held, due LIMIT :limit";

    private MigrationQueue() {}

    /**
     * At most one of each account that has less than {@code perAccount} held.
     *
     * @param withAgain whether those may be among them that came to nothing before
     */
    static List<Next> next(Handle handle, long now, int perAccount, boolean withAgain, int limit) {
        Stream<Next> fresh = heads(handle, now, perAccount, false, limit).stream();
        Stream<Next> again = withAgain ? heads(handle, now, perAccount, true, limit).stream() : Stream.empty();
        return Stream.concat(fresh, again)
                .sorted(Comparator.comparingLong(Next::held).thenComparingLong(Next::due))
                .limit(limit)
                .toList();
    }

    private static List<Next> heads(Handle handle, long now, int perAccount, boolean again, int limit) {
        boolean any = handle.createQuery(ANY)
                .bind("again", again ? 1 : 0)
                .bind("now", now)
                .mapTo(byte[].class)
                .findOne()
                .isPresent();
        return any ? asked(handle, now, perAccount, again, limit) : List.of();
    }

    private static List<Next> asked(Handle handle, long now, int perAccount, boolean again, int limit) {
        return handle.createQuery(HEADS)
                .bind("again", again ? 1 : 0)
                .bind("now", now)
                .bind("most", perAccount)
                .bind("limit", limit)
                .map((row, context) ->
                        new Next(MigrationId.of(row.getBytes("id")), row.getLong("held"), row.getLong("due"), again))
                .list();
    }
}
