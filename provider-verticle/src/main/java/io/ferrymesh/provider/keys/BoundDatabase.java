package io.ferrymesh.provider.keys;

import io.ferrymesh.database.Database;
import io.ferrymesh.scheme.Digest;

/** Sees to it that a provider's database and its key file belong together. */
public final class BoundDatabase {

    private BoundDatabase() {}

    /**
     * Binds a new database to these secrets for ever, and refuses one that is bound to others: no password would match, and nothing
     * that lies sealed would open. Of two that start at once with different key files, one is refused. Blocking; fails with
     * IllegalStateException, which says what to do, and {@link io.ferrymesh.database.DatabaseException}.
     */
    public static void require(Database database, ProviderSecrets secrets) {
        Digest id = secrets.id();
        Digest bound = database.transaction(handle -> {
            int unused = handle.createUpdate(
                            "INSERT INTO key_file (id, fingerprint) VALUES (1, :id)" + " ON CONFLICT (id) DO NOTHING")
                    .bind("id", id.bytes())
                    .execute();
            return handle.createQuery("SELECT fingerprint FROM key_file WHERE id = 1")
                    .map((row, context) -> Digest.of(row.getBytes("fingerprint")))
                    .one();
        });
        if (!bound.equals(id)) {
            throw new IllegalStateException(
                    "the database " + database.options() + " belongs to the key file with the id "
                            + bound + ", and this one has the id " + id
                            + ": start with the key file that the database was first used with, or with a new database");
        }
    }
}
