package io.ferrymesh.provider;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.keys.BoundDatabase;
import io.ferrymesh.provider.keys.ProviderSecrets;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;

/** What a provider keeps, for tests of something else. */
final class TestState {

    /** More than any test has providers; a schema takes longer to make than most tests to run. */
    private static final int KEPT = 4;

    private static final ProviderSecrets SECRETS = ProviderSecrets.generate(new SecureRandom());
    private static final TestDatabase FILES = TestDatabase.sqlite();
    private static final Deque<Database> OPEN = new ArrayDeque<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(TestState::close));
    }

    private TestState() {}

    /** An empty SQLite database; the one that was given out longest ago is emptied for it. */
    static synchronized ProviderState fresh() {
        Database database = OPEN.size() < KEPT ? open(FILES.fresh()) : emptied(OPEN.remove());
        BoundDatabase.bind(database, SECRETS);
        OPEN.add(database);
        return new ProviderState(database, SECRETS);
    }

    static Database open(DatabaseOptions options) {
        return Database.open(options, ProviderDatabase.MIGRATIONS);
    }

    private static Database emptied(Database database) {
        int unused = database.transaction(handle -> handle.execute("DELETE FROM credential")
                + handle.execute("DELETE FROM trusted_key")
                + handle.execute("UPDATE credential_head SET holder = NULL, held_until_ms = 0"));
        return database;
    }

    private static synchronized void close() {
        OPEN.forEach(Database::close);
        FILES.close();
    }
}
