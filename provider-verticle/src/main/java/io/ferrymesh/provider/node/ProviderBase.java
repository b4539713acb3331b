package io.ferrymesh.provider.node;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.provider.ProviderState;
import io.ferrymesh.provider.config.ProviderConfig;
import io.ferrymesh.provider.keys.BoundDatabase;
import io.ferrymesh.provider.keys.ProviderSecrets;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreException;
import java.nio.file.Files;

/** What a process of a provider stands on: its database and its secrets, which belong together, and its store. */
public final class ProviderBase implements AutoCloseable {

    private final ProviderConfig config;
    private final ProviderState state;
    private final ObjectStore store;
    private final StoreRetries retries;

    private ProviderBase(ProviderConfig config, ProviderState state, ObjectStore store, StoreRetries retries) {
        this.config = config;
        this.state = state;
        this.store = store;
        this.retries = retries;
    }

    /**
     * Opens the database and the store. Takes the secrets over: they are closed with this, or when it cannot be opened. Blocking.
     * Fails with DatabaseException, {@link StoreException}, IllegalArgumentException or IllegalStateException, which say what is
     * wrong.
     */
    public static ProviderBase open(ProviderConfig config, ProviderSecrets secrets) throws StoreException {
        try {
            HashingRoom.require(config.accounts(), Runtime.getRuntime().maxMemory());
            requireThere(config.database());
            Database database = Database.open(config.database(), ProviderDatabase.MIGRATIONS);
            try {
                BoundDatabase.require(database, secrets);
                StoreRetries retries = new StoreRetries();
                ObjectStore store = StoreSetup.open(config.store().place(), retries);
                return new ProviderBase(config, new ProviderState(database, secrets), store, retries);
            } catch (StoreException | RuntimeException e) {
                database.close();
                throw e;
            }
        } catch (StoreException | RuntimeException e) {
            secrets.close();
            throw e;
        }
    }

    /** Refuses a SQLite file that is not there, instead of making an empty one where the accounts should be. */
    private static void requireThere(DatabaseOptions where) {
        if (where instanceof DatabaseOptions.Sqlite sqlite && !Files.exists(sqlite.file())) {
            throw new IllegalArgumentException("there is no database " + sqlite.file()
                    + ": is its volume mounted? ferrymesh provider init makes one, for a new provider only");
        }
    }

    ProviderConfig config() {
        return config;
    }

    ProviderState state() {
        return state;
    }

    ObjectStore store() {
        return store;
    }

    /** What the store tries again. */
    StoreRetries retries() {
        return retries;
    }

    @Override
    public void close() {
        store.close();
        state.database().close();
        state.secrets().close();
    }
}
