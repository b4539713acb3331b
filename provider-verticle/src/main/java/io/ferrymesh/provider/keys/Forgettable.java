package io.ferrymesh.provider.keys;

import io.ferrymesh.database.Database;

/** What an operator may have to remove from a provider's database by hand, while no process of it runs. docs/keys.md. */
public enum Forgettable {

    /** Which key centre the provider is pinned to: the next start trusts the configured one. */
    KEY_CENTRE("DELETE FROM trusted_key"),

    /** Every credential, and what signs for more: the next start enrols anew, with a new token. */
    CREDENTIALS("DELETE FROM credential"),

    /** The credentials that may have been used since a backup was made; what signs for more stays. */
    STOCK("DELETE FROM credential WHERE role = 'STOCK'");

    private final String statement;

    Forgettable(String statement) {
        this.statement = statement;
    }

    /** Removes it, and returns how many rows that were. Blocking; fails with DatabaseException. */
    public int forget(Database database) {
        return database.transaction(handle -> handle.execute(statement));
    }
}
