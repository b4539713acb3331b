package io.ferrymesh.provider.keys;

import io.ferrymesh.database.Database;
import io.ferrymesh.scheme.Digest;
import java.util.Optional;

/** Sees to it that a provider's database and its key file belong together. Blocking; fails with DatabaseException. */
public final class BoundDatabase {

    private BoundDatabase() {}

    /** Refuses a database that belongs to a provider already, with IllegalStateException. */
    public static void requireNew(Database database) {
        bound(database).ifPresent(id -> {
            throw new IllegalStateException("the database " + database.options()
                    + " belongs to a provider already, whose key file has the id " + id
                    + ": a new provider needs a new database");
        });
    }

    /**
     * Binds a new database to these secrets for ever, and refuses one that is bound to others. Of two that begin at once with
     * different key files, one is refused. Fails with IllegalStateException, which says what to do.
     */
    public static void bind(Database database, ProviderSecrets secrets) {
        int unused = database.transaction(handle -> handle.createUpdate(
                        "INSERT INTO key_file (id, fingerprint) VALUES (1, :id) ON CONFLICT (id) DO NOTHING")
                .bind("id", secrets.id().bytes())
                .execute());
        require(database, secrets);
    }

    /**
     * Refuses a database that was bound to no secrets, because then it is not the provider's, or is one that lost everything; and one
     * that is bound to others: no password would match, and nothing that lies sealed would open. Fails with
     * IllegalStateException, which says what to do.
     */
    public static void require(Database database, ProviderSecrets secrets) {
        Digest id = secrets.id();
        Digest bound = bound(database)
                .orElseThrow(() -> new IllegalStateException("the database " + database.options()
                        + " belongs to no provider: is it the right one, and was it restored? ferrymesh provider init"
                        + " begins one, for a new provider only"));
        if (!bound.equals(id)) {
            throw new IllegalStateException(
                    "the database " + database.options() + " belongs to the key file with the id "
                            + bound + ", and this one has the id " + id
                            + ": start with the key file that the database was first used with, or with a new database");
        }
    }

    private static Optional<Digest> bound(Database database) {
        return database.read(handle -> handle.createQuery("SELECT fingerprint FROM key_file WHERE id = 1")
                .map((row, context) -> Digest.of(row.getBytes("fingerprint")))
                .findOne());
    }
}
