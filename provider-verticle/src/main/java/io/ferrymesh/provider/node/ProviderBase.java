package io.ferrymesh.provider.node;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.provider.ProviderState;
import io.ferrymesh.provider.accounts.AccountAdministration;
import io.ferrymesh.provider.config.ProviderConfig;
import io.ferrymesh.provider.keys.BoundDatabase;
import io.ferrymesh.provider.keys.ProviderSecrets;
import io.ferrymesh.stores.ObjectStore;
import io.ferrymesh.stores.StoreException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/** What a process of a provider stands on: its database and its secrets, which belong together, and its store. */
public final class ProviderBase implements AutoCloseable {

    private final ProviderConfig config;
    private final ProviderState state;
    private final ObjectStore store;
    private final StoreRetries retries;
    private final Optional<StoreMarker> marker;

    private ProviderBase(
            ProviderConfig config,
            ProviderState state,
            ObjectStore store,
            StoreRetries retries,
            Optional<StoreMarker> marker) {
        this.config = config;
        this.state = state;
        this.store = store;
        this.retries = retries;
        this.marker = marker;
    }

    /**
     * Opens the database and the store, which have to be those that this provider was begun with, and waits a while for either that is
     * away. Takes the secrets over: they are closed with this, or when it cannot be opened. Blocking.
     * Fails with DatabaseException, {@link StoreException}, IllegalArgumentException or IllegalStateException, which say what is
     * wrong.
     */
    public static ProviderBase open(ProviderConfig config, ProviderSecrets secrets) throws StoreException {
        return open(config, secrets, () -> Database.open(config.database(), ProviderDatabase.MIGRATIONS));
    }

    /** The same for who works beside running processes: the schema must be this version's, and is not brought up to date. */
    public static ProviderBase openExisting(ProviderConfig config, ProviderSecrets secrets) throws StoreException {
        return open(config, secrets, () -> Database.openExisting(config.database(), ProviderDatabase.MIGRATIONS));
    }

    private static ProviderBase open(ProviderConfig config, ProviderSecrets secrets, Supplier<Database> opening)
            throws StoreException {
        try {
            HashingRoom.require(config.accounts(), Runtime.getRuntime().maxMemory());
            requireThere(config.database());
            StartWait wait = new StartWait(config.kgc().startWaitSeconds(), InstantSource.system(), Thread::sleep);
            Database database = wait.insist("the database", opening::get);
            try {
                BoundDatabase.require(database, secrets);
                StoreRetries retries = new StoreRetries();
                Optional<StoreMarker> marker = StoreMarker.of(database, config.store());
                ObjectStore store = wait.insist("the store", () -> openStore(config, retries, marker));
                return new ProviderBase(config, new ProviderState(database, secrets), store, retries, marker);
            } catch (StoreException | RuntimeException e) {
                database.close();
                throw e;
            }
        } catch (StoreException | RuntimeException e) {
            secrets.close();
            throw e;
        }
    }

    /** The configured one, if it is this provider's. */
    private static ObjectStore openStore(ProviderConfig config, StoreRetries retries, Optional<StoreMarker> marker)
            throws StoreException {
        ObjectStore store = StoreSetup.open(config.store().place(), retries);
        try {
            if (marker.isEmpty()) {
                return store;
            }
            marker.get().require(store);
            return new MarkedStore(store, marker.get(), InstantSource.system());
        } catch (StoreException | RuntimeException e) {
            store.close();
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

    /**
     * Makes an account for the operator, as {@link AccountAdministration#create} does. Wipes the password.
     */
    public AccountAdministration.Listed createAccount(String name, byte[] password) {
        return new AccountAdministration(state.database(), Clock.systemUTC())
                .create(
                        AccountSetup.keys(state.secrets()),
                        AccountSetup.options(config.accounts(), state.secrets()),
                        AccountSetup.numbers(config.store(), store),
                        new SecureRandom(),
                        name,
                        password);
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

    /** What the store is known by. */
    Optional<StoreMarker> marker() {
        return marker;
    }

    @Override
    public void close() {
        store.close();
        state.database().close();
        state.secrets().close();
    }
}
