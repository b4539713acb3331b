package io.ferrymesh.it;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.ProviderDatabase;
import io.ferrymesh.provider.ProviderState;
import io.ferrymesh.provider.keys.BoundDatabase;
import io.ferrymesh.provider.keys.ProviderSecrets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** What providers keep, each in a database of its own. Closing closes them all. */
final class States implements AutoCloseable {

    private final TestDatabase databases;
    private final List<ProviderState> made = new ArrayList<>();

    /** In files. */
    States() {
        this(TestDatabase.sqlite());
    }

    /** In databases that the caller closes. */
    States(TestDatabase databases) {
        this.databases = databases;
    }

    /** A new provider's. */
    ProviderState fresh(SecureRandom random) {
        Database database = Database.open(databases.fresh(ProviderDatabase.MIGRATIONS), ProviderDatabase.MIGRATIONS);
        ProviderState state = new ProviderState(database, ProviderSecrets.generate(random));
        BoundDatabase.bind(database, state.secrets());
        made.add(state);
        return state;
    }

    @Override
    public void close() {
        made.forEach(state -> {
            state.database().close();
            state.secrets().close();
        });
    }
}
