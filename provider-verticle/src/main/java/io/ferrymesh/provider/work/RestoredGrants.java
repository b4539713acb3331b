package io.ferrymesh.provider.work;

import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.EventType;
import io.ferrymesh.provider.service.GrantView;
import io.ferrymesh.scheme.MigrationId;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** What becomes of the grants in a database that was put back to an earlier state. */
public final class RestoredGrants {

    private record Open(MigrationId id, AccountId account) {}

    private RestoredGrants() {}

    /**
     * Withdraws every grant that has not ended: it may have been withdrawn since, because its key was in wrong hands. And erases
     * nothing more for any: what has moved may have come back since. Accounts are told.
     *
     * @return how many were withdrawn
     */
    public static int withdraw(Handle handle, long now) {
        Statements.run(handle.createUpdate("DELETE FROM grant_departed"));
        Statements.run(
                handle.createUpdate("UPDATE grant_offer SET moved_at = CASE WHEN move_fence IS NULL THEN moved_at"
                                + " ELSE :now END, move_fence = NULL, move_session = NULL, leaving_fence = NULL,"
                                + " leaving_session = NULL, departures = 0 WHERE moves = 1")
                        .bind("now", now));
        List<Open> open = handle.createQuery("SELECT id, account FROM grant_offer WHERE ended_at IS NULL")
                .map((row, context) ->
                        new Open(MigrationId.of(row.getBytes("id")), new AccountId(row.getLong("account"))))
                .list();
        for (Open each : open) {
            if (GrantTable.end(handle, each.id(), GrantView.State.WITHDRAWN, now)) {
                AccountEvents.add(
                        handle,
                        each.account(),
                        AccountEvents.ended(EventType.GRANT_WITHDRAWN, AccountEvents.PROVIDER, each.id()),
                        now);
            }
        }
        return open.size();
    }
}
