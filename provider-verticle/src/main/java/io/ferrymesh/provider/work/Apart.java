package io.ferrymesh.provider.work;

import io.ferrymesh.mesh.ErrorCode;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.provider.service.FailureView;
import io.ferrymesh.scheme.MigrationId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Keeps apart, in each account, what arrives and what is erased because it has arrived elsewhere. What a run has found to be somewhere
 * is safe only while nobody erases it there, and what a run erases is what it has found to be elsewhere: of two that go round in a
 * circle at the same time each would erase what the other relies on. They take turns: while a grant asks in vain to leave, nothing
 * more begins to arrive for a while, and after that for as long it does.
 */
final class Apart {

    /** How long what is to arrive waits for a grant that asks to leave, and for how long it does not after that. */
    static final long TURN_MS = 900_000;

    /** A grant whose destination has not come for so long is not waited for. */
    static final long ASKED_MS = 60_000;

    /** That a migration may have a holder: nothing leaves its account for good, or is to, and no mirror removes anything there. */
    static final String MAY_ARRIVE =
            " NOT EXISTS (SELECT 1" + erasing("migration.account") + ") AND NOT EXISTS (SELECT 1"
                    + leaving("migration.account") + ") AND NOT EXISTS (SELECT 1" + removing("migration.account")
                    + ") AND NOT EXISTS (SELECT 1" + asking("migration.account") + ")";

    private Apart() {}

    private static String erasing(String account) {
        return " FROM grant_offer AS erasing WHERE erasing.account = " + account
                + " AND erasing.move_fence IS NOT NULL";
    }

    private static String leaving(String account) {
        return " FROM grant_offer AS leaving WHERE leaving.account = " + account
                + " AND leaving.leaving_fence IS NOT NULL AND leaving.holder IS NOT NULL"
                + " AND leaving.fence = leaving.leaving_fence";
    }

    /** What only looks removes nothing, and neither does what waits because its store failed. */
    private static String removing(String account) {
        return " FROM migration AS mirrored WHERE mirrored.account = " + account
                + " AND mirrored.mirror = 'RUNNING' AND mirrored.dry_run IS NULL AND mirrored.mirror_due_at <= :now";
    }

    private static String asking(String account) {
        return " FROM account AS asking WHERE asking.id = " + account + " AND asking.leaving_asked_at + " + ASKED_MS
                + " > :now AND asking.leaving_wanted_at + " + TURN_MS + " > :now";
    }

    /** Of those who look at an account for this, one does at a time, until its transaction ends. */
    static void hold(Handle handle, AccountId account) {
        Statements.run(handle.createUpdate("UPDATE account SET state = state WHERE id = :id")
                .bind("id", account.value()));
    }

    /** Whether a process has a migration of an account, or a mirror removes something there. */
    static boolean arrives(Handle handle, AccountId account, long now) {
        return handle.createQuery("SELECT (SELECT COUNT(*) FROM migration WHERE account = :account"
                                + " AND holder IS NOT NULL) + (SELECT COUNT(*)" + removing(":account") + ")")
                        .bind("account", account.value())
                        .bind("now", now)
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    /** A grant asks in vain to leave: what is to arrive waits for it, unless it has waited for long and it is its turn. */
    static void asks(Handle handle, AccountId account, long now) {
        Statements.run(handle.createUpdate("UPDATE account SET leaving_asked_at = :now, leaving_wanted_at = CASE"
                        + " WHEN leaving_wanted_at + " + 2 * TURN_MS + " > :now THEN leaving_wanted_at ELSE :now END"
                        + " WHERE id = :id")
                .bind("now", now)
                .bind("id", account.value()));
    }

    /** Nobody asks any more: one leaves. */
    static void leaves(Handle handle, AccountId account) {
        Statements.run(handle.createUpdate("UPDATE account SET leaving_asked_at = NULL WHERE id = :id")
                .bind("id", account.value()));
    }

    /** Whether a run that has a lease keeps out what is to arrive in its account now. */
    static boolean keepsOut(Handle handle, Lease lease, long now) {
        return handle.createQuery("SELECT COUNT(*) FROM grant_offer WHERE id = :id AND holder = :holder"
                                + " AND fence = :fence AND leaving_fence = :fence AND move_fence IS NULL"
                                + " AND EXISTS (SELECT 1 FROM migration WHERE migration.account = grant_offer.account"
                                + " AND migration.holder IS NULL AND migration.state IN ('QUEUED', 'CONNECTING', 'RUNNING')"
                                + " AND COALESCE(start_at, 0) <= :now AND COALESCE(due_at, retry_at) <= :now)")
                        .bind("id", lease.id().bytes())
                        .bind("holder", lease.holder())
                        .bind("fence", lease.fence())
                        .bind("now", now)
                        .mapTo(Long.class)
                        .one()
                == 1;
    }

    /** Why nothing begins to arrive in an account now; empty when that may be. */
    static Optional<FailureView> why(Handle handle, AccountId account, long now) {
        return handle.createQuery("SELECT (SELECT erasing.id" + erasing(":account") + " LIMIT 1) AS erasing,"
                        + " (SELECT leaving.id" + leaving(":account") + " LIMIT 1) AS leaving,"
                        + " (SELECT mirrored.id" + removing(":account") + " LIMIT 1) AS removing,"
                        + " (SELECT asking.id" + asking(":account") + ") AS asking")
                .bind("account", account.value())
                .bind("now", now)
                .map((row, context) -> why(row))
                .one()
                .map(why -> new FailureView(ErrorCode.OVERLOADED.name(), why));
    }

    private static Optional<String> why(ResultSet row) throws SQLException {
        Optional<String> erasing = id(row, "erasing")
                .map(id -> "what has moved away with grant " + id + " is being erased; this begins once that is done");
        Optional<String> leaving = id(row, "leaving")
                .map(id -> "objects move away with grant " + id
                        + "; this begins once they have, or the grant is withdrawn");
        Optional<String> removing = id(row, "removing")
                .map(id -> "mirror " + id + " removes what its source has not got; this begins once that is done, or is"
                        + " cancelled");
        Optional<String> asking = Columns.number(row, "asking")
                .map(any ->
                        "objects are to move away first; this begins once they have, or after a quarter of an hour");
        return erasing.or(() -> leaving).or(() -> removing).or(() -> asking);
    }

    private static Optional<MigrationId> id(ResultSet row, String name) throws SQLException {
        return Optional.ofNullable(row.getBytes(name)).map(MigrationId::of);
    }
}
