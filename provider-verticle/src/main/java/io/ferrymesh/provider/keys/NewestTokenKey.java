package io.ferrymesh.provider.keys;

import io.ferrymesh.database.Database;

/**
 * The number of the newest key of tokens that any copy of a provider's key file has had, kept in the database, so that a process
 * with an older copy can be told. Blocking; fails with {@link io.ferrymesh.database.DatabaseException}.
 */
public final class NewestTokenKey {

    private NewestTokenKey() {}

    /** That of these secrets. */
    public static int of(ProviderSecrets secrets) {
        return secrets.signingKeys(Long.MAX_VALUE).stream()
                .mapToInt(SigningKey::number)
                .max()
                .orElse(0);
    }

    /** What any has had, as far as the database was told. */
    public static int known(Database database) {
        return database.read(handle -> handle.createQuery("SELECT MAX(token_key) FROM key_file")
                .mapTo(Integer.class)
                .findOne()
                .orElse(0));
    }

    /** Tells the database, which must be bound to the key file; a number that is not newer changes nothing. */
    public static void tell(Database database, int number) {
        if (known(database) < number) {
            int unused = database.transaction(
                    handle -> handle.createUpdate("UPDATE key_file SET token_key = :number WHERE token_key < :number")
                            .bind("number", number)
                            .execute());
        }
    }
}
