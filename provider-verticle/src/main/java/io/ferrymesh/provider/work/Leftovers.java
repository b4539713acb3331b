package io.ferrymesh.provider.work;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseException;
import io.ferrymesh.provider.service.Account;
import io.ferrymesh.provider.service.AccountId;
import io.ferrymesh.scheme.MigrationId;
import io.ferrymesh.stores.ObjectPath;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreError;
import io.ferrymesh.stores.StoreException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the journals of migrations that have ended for good, and what was staged under them and never published. Done again
 * from the start it goes on where it was. Blocking.
 */
final class Leftovers {

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private static final String STAYS = "what is staged of migration {} stays until the store removes it";

    /** Most migrations in one look. */
    private static final int MIGRATIONS = 16;

    private static final int MOST_PASSED_OVER = 1_000;
    private static final int TOKENS = 100;
    private static final int ROWS = 5_000;

    /** What has ended for good and nobody works on: without a key it never begins again. */
    private static final String ENDED = " state IN ('COMPLETED', 'CANCELLED') AND psk IS NULL AND holder IS NULL"
            + " AND (mirror IS NULL OR mirror <> 'RUNNING')";

    private final Database database;
    private final AccountNames accounts;
    private final Function<Account, ObjectStore> objects;
    private final BooleanSupplier closing;

    /** Those that could not be removed since this process started, or since there were many; another process may be able to. */
    private final Set<MigrationId> passedOver = new HashSet<>();

    private record Ended(MigrationId id, AccountId account) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Staged(byte[] key, String path, String token) {}

    Leftovers(
            Database database, AccountNames accounts, Function<Account, ObjectStore> objects, BooleanSupplier closing) {
        this.database = database;
        this.accounts = accounts;
        this.objects = objects;
        this.closing = closing;
    }

    /** Looks at some of those that have ended, nobody works on any more, and still have a journal. */
    void look() {
        if (passedOver.size() > MOST_PASSED_OVER) {
            passedOver.clear();
        }
        for (Ended ended : database.read(handle -> ended(handle, MIGRATIONS + passedOver.size()))) {
            if (closing.getAsBoolean()) {
                return;
            }
            if (!passedOver.contains(ended.id) && !removed(ended)) {
                return;
            }
        }
    }

    /** Removes what there is of one; false when the store is away. One that cannot be removed keeps no other from its turn. */
    private boolean removed(Ended ended) {
        try {
            discard(ended);
        } catch (StoreException e) {
            if (e.error() == StoreError.UNAVAILABLE || e.error() == StoreError.THROTTLED) {
                LOG.debug("what is staged of ended migrations is removed when the store is back", e);
                return false;
            }
            say(ended.id, e);
        } catch (DatabaseException e) {
            throw e;
        } catch (RuntimeException e) {
            say(ended.id, e);
            boolean unused = passedOver.add(ended.id);
            return true;
        }
        clear(ended.id);
        return true;
    }

    boolean isClosing() {
        return closing.getAsBoolean();
    }

    /** Removes all of a migration, whose row is to go; what the store does not remove now, it removes when it is old. */
    void remove(MigrationId id) {
        Optional<Ended> ended = database.transaction(handle -> handle.createQuery("UPDATE migration SET psk = NULL,"
                        + " mirror = CASE WHEN mirror = 'RUNNING' THEN 'LEFT' ELSE mirror END, state = CASE WHEN"
                        + " state = 'COMPLETED' THEN state ELSE 'CANCELLED' END"
                        + " WHERE id = :id AND journaled = 1 AND holder IS NULL RETURNING account")
                .bind("id", id.bytes())
                .map((row, context) -> new Ended(id, new AccountId(row.getLong("account"))))
                .findOne());
        ended.ifPresent(each -> {
            try {
                discard(each);
            } catch (StoreException | RuntimeException e) {
                say(id, e);
            }
            clear(id);
        });
    }

    private static List<Ended> ended(Handle handle, int most) {
        return handle.createQuery("SELECT id, account FROM migration WHERE journaled = 1 AND" + ENDED
                        + " ORDER BY finished_at LIMIT :most")
                .bind("most", most)
                .map((row, context) ->
                        new Ended(MigrationId.of(row.getBytes("id")), new AccountId(row.getLong("account"))))
                .list();
    }

    private void discard(Ended ended) throws StoreException {
        List<Staged> staged = staged(ended.id);
        if (staged.isEmpty()) {
            return;
        }
        ObjectStore store = objects.apply(accounts.of(ended.account));
        while (!staged.isEmpty()) {
            for (Staged each : staged) {
                if (closing.getAsBoolean() || !database.read(handle -> isEnded(handle, ended.id))) {
                    return;
                }
                Optional<ObjectPath> path = path(each);
                if (path.isPresent()) {
                    store.discard(path.get(), each.token);
                }
                if (!forget(ended, each, path)) {
                    return;
                }
            }
            staged = staged(ended.id);
        }
    }

    /** The cause may have a user's path in it. */
    private static void say(MigrationId id, Exception cause) {
        LOG.warn(STAYS, id);
        LOG.debug(STAYS, id, cause);
    }

    private static Optional<ObjectPath> path(Staged each) {
        try {
            return Optional.of(ObjectPath.of(each.path));
        } catch (IllegalArgumentException e) {
            LOG.warn("a row of a journal is damaged; what it stands for stays until the store removes it");
            LOG.debug("it is", e);
            return Optional.empty();
        }
    }

    private static boolean isEnded(Handle handle, MigrationId id) {
        return handle.createQuery("SELECT COUNT(*) FROM migration WHERE id = :id AND" + ENDED)
                        .bind("id", id.bytes())
                        .mapTo(Long.class)
                        .one()
                == 1;
    }

    /** The same, and it stays so until the transaction is over. */
    private static boolean staysEnded(Handle handle, MigrationId id) {
        return handle.createUpdate("UPDATE migration SET journaled = 1 WHERE id = :id AND" + ENDED)
                        .bind("id", id.bytes())
                        .execute()
                == 1;
    }

    /** With the row goes the space that it held; false, and nothing goes, when the migration has not ended any more. */
    private boolean forget(Ended ended, Staged each, Optional<ObjectPath> path) {
        return database.transaction(handle -> {
            if (!staysEnded(handle, ended.id)) {
                return false;
            }
            path.ifPresent(known -> KeptTable.remove(handle, ended.account, known, each.token));
            Statements.run(handle.createUpdate("DELETE FROM migration_staged WHERE migration = :id AND path_key = :key")
                    .bind("id", ended.id.bytes())
                    .bind("key", each.key));
            return true;
        });
    }

    private List<Staged> staged(MigrationId id) {
        return database.read(handle -> handle.createQuery(
                        "SELECT path_key, path, token FROM migration_staged WHERE migration = :id LIMIT :most")
                .bind("id", id.bytes())
                .bind("most", TOKENS)
                .map((row, context) ->
                        new Staged(row.getBytes("path_key"), row.getString("path"), row.getString("token")))
                .list());
    }

    private void clear(MigrationId id) {
        clear(id, "migration_segment");
        clear(id, "migration_staged");
        clear(id, "migration_arrived");
        clear(id, "migration_listed");
        int unused = database.transaction(handle -> handle.createUpdate("UPDATE migration SET journaled = 0,"
                        + " journal_entries = 0 WHERE id = :id AND" + ENDED
                        + " AND NOT EXISTS (SELECT 1 FROM migration_segment WHERE migration = :id)"
                        + " AND NOT EXISTS (SELECT 1 FROM migration_staged WHERE migration = :id)"
                        + " AND NOT EXISTS (SELECT 1 FROM migration_arrived WHERE migration = :id)"
                        + " AND NOT EXISTS (SELECT 1 FROM migration_listed WHERE migration = :id)")
                .bind("id", id.bytes())
                .execute());
    }

    private void clear(MigrationId id, String table) {
        int deleted = ROWS;
        while (deleted >= ROWS && !closing.getAsBoolean()) { // of an object of several segments all go
            deleted = database.transaction(handle -> staysEnded(handle, id) ? clear(handle, id, table) : 0);
        }
    }

    private static int clear(Handle handle, MigrationId id, String table) {
        return handle.createUpdate("DELETE FROM " + table + " WHERE migration = :id AND path_key IN"
                        + " (SELECT path_key FROM " + table + " WHERE migration = :id LIMIT :most)")
                .bind("id", id.bytes())
                .bind("most", ROWS)
                .execute();
    }
}
