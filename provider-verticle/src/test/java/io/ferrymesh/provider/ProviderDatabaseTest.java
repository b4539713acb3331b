package io.ferrymesh.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseException;
import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import org.junit.jupiter.api.Test;

@OnEachDatabase
class ProviderDatabaseTest {

    private static final String INSERT =
            "INSERT INTO account (id, name, state, user_handle, created_at) VALUES (?, ?, 'ACTIVE', ?, 0)";

    private final TestDatabase databases;

    ProviderDatabaseTest(TestDatabase databases) {
        this.databases = databases;
    }

    @Test
    void a_new_database_gets_the_schema() {
        try (Database database = Database.open(databases.fresh(), ProviderDatabase.MIGRATIONS)) {
            int made = database.transaction(handle -> handle.execute(INSERT, 1L, "ada", new byte[] {1}));
            assertThat(made).isEqualTo(1);
            assertThatThrownBy(() -> database.transaction(handle -> handle.execute(INSERT, 2L, "ada", new byte[] {2})))
                    .isInstanceOf(DatabaseException.class);
        }
    }
}
