package io.ferrymesh.provider.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.service.ServiceException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that was put back gives nobody what is somebody else's. */
@OnEachDatabase
class RestoredDatabaseTest {

    private final TestDatabase databases;

    @TempDir
    private Path directory;

    RestoredDatabaseTest(TestDatabase databases) {
        this.databases = databases;
    }

    @Test
    void whoever_comes_after_it_gets_a_number_that_nobody_had() throws Exception {
        try (ProviderBase base = begun()) {
            assertThat(create(base, "alice")).isEqualTo(1);
            execute(base, "UPDATE account SET used_bytes = 5");
            execute(
                    base,
                    "INSERT INTO session (id, account, method, created_at, last_used_at, expires_at, refresh_sha256)"
                            + " VALUES ('s', 1, 'password', 0, 0, 0, ?)",
                    (Object) new byte[] {1});
            for (String role : new String[] {"STOCK", "SIGNER"}) {
                execute(
                        base,
                        "INSERT INTO credential (number, kgc, usage, role, not_before, not_after, sealed)"
                                + " VALUES (?, ?, 'SIGNING', ?, 0, 0, ?)",
                        role.equals("STOCK") ? 1L : 2L,
                        new byte[] {1},
                        role,
                        new byte[] {1});
            }
            RestoredDatabase.Done done = RestoredDatabase.take(base.state().database());
            assertThat(done).isEqualTo(new RestoredDatabase.Done(1_000_000_001, 1, 1, 0));
            assertThat(count(base, "credential WHERE role = 'SIGNER'")).isEqualTo(1);
            assertThat(count(base, "session")).isZero();
            assertThat(count(base, "account WHERE used_bytes = 5")).isEqualTo(1);
            assertThat(count(base, "space_count WHERE due_at = 0")).isEqualTo(1);
            assertThat(create(base, "bob")).isEqualTo(1_000_000_002);
        }
    }

    /** As after a fail-over that lost changes, of which nobody was told. */
    @Test
    void even_if_nobody_says_so_nobody_gets_a_part_of_the_store_in_which_something_is() throws Exception {
        try (ProviderBase base = begun()) {
            assertThat(create(base, "alice")).isEqualTo(1);
            for (long lost = 2; lost <= 7; lost++) {
                Path part = Files.createDirectories(directory.resolve("objects/" + lost));
                Files.writeString(part.resolve("photo.jpg"), "of an account that is lost");
            }
            Files.createDirectories(directory.resolve("objects/9"));
            assertThat(create(base, "bob")).isEqualTo(9);
            assertThat(create(base, "carol")).isEqualTo(10);
        }
    }

    @Test
    void while_the_store_is_away_nobody_comes() throws Exception {
        try (ProviderBase base = begun()) {
            Files.move(directory.resolve("objects"), directory.resolve("disk"));
            Files.createDirectory(directory.resolve("objects"));
            Assertions.assertThatExceptionOfType(ServiceException.class)
                    .isThrownBy(() -> create(base, "alice"))
                    .withMessage("the store is away");
        }
    }

    @Test
    void in_a_store_that_is_one_accounts_whole_it_begins_with_what_is_there() throws Exception {
        Path objects = Files.createDirectories(directory.resolve("objects"));
        Files.writeString(objects.resolve("photo.jpg"), "its own");
        Places places = Places.in(directory, databases.fresh()).with("");
        places.begin();
        try (ProviderBase base = places.open()) {
            assertThat(create(base, "alice")).isEqualTo(1);
        }
    }

    private ProviderBase begun() throws Exception {
        Places places = Places.in(directory, databases.fresh());
        places.begin();
        return places.open();
    }

    private static long create(ProviderBase base, String name) {
        return base.createAccount(name, "correct battery, no staple".getBytes(StandardCharsets.UTF_8))
                .id();
    }

    private static void execute(ProviderBase base, String sql, Object... values) {
        Database database = base.state().database();
        assertThat(database.<Integer>transaction(handle -> handle.execute(sql, values)))
                .isEqualTo(1);
    }

    private static long count(ProviderBase base, String what) {
        return base.state().database().read(handle -> handle.createQuery("SELECT COUNT(*) FROM " + what)
                .mapTo(Long.class)
                .one());
    }
}
