package io.ferrymesh.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SqliteDatabaseTest {

    private static final String FIRST = "io/ferrymesh/database/first";
    private static final int EACH = 200;

    @TempDir
    Path directory;

    @Test
    void every_commit_of_a_writer_reaches_the_disk() {
        try (Database database = open("registry.db")) {
            for (int i = 0; i < 3; i++) {
                assertThat(database.<List<String>>transaction(handle -> List.of(
                                pragma(handle, "journal_mode"),
                                pragma(handle, "synchronous"),
                                pragma(handle, "foreign_keys"))))
                        .containsExactly("wal", "2", "1");
            }
        }
    }

    @Test
    void a_transaction_holds_the_write_lock_from_its_beginning_to_its_end_only() throws SQLException {
        Path file = directory.resolve("registry.db");
        try (Database database = open("registry.db");
                Connection other = DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=0")) {
            for (int i = 0; i < 3; i++) {
                assertThat(database.<Boolean>transaction(handle -> canWrite(other)))
                        .isFalse();
                assertThat(canWrite(other)).isTrue();
            }
            assertThatThrownBy(() -> database.transaction(handle -> {
                        throw new IllegalStateException("rolled back");
                    }))
                    .hasMessage("rolled back");
            assertThat(canWrite(other)).isTrue();
            assertThat(database.<Boolean>read(
                            handle -> pragma(handle, "journal_mode").equals("wal") && canWrite(other)))
                    .isTrue();
        }
    }

    @Test
    void what_is_written_is_for_its_owner_only() throws IOException {
        try (Database database = open("registry.db")) {
            deposit(database);
            try (var files = Files.list(directory)) {
                List<Path> all = files.toList();
                assertThat(all).hasSize(3);
                for (Path each : all) {
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                            .as(each.toString())
                            .isEqualTo("rw-------");
                }
            }
        }
    }

    @Test
    void opened_to_read_only_a_missing_file_is_refused_and_not_made() {
        Path file = directory.resolve("missing.db");
        assertThatThrownBy(() -> Database.openReadOnly(new DatabaseOptions.Sqlite(file), FIRST))
                .hasMessage("there is no database file " + file);
        assertThat(file).doesNotExist();
    }

    @Test
    void a_file_of_something_else_is_refused() throws IOException {
        Path text = Files.writeString(directory.resolve("text.db"), "This is no database at all. ".repeat(100));
        assertThatThrownBy(() -> Database.open(new DatabaseOptions.Sqlite(text), FIRST))
                .hasMessageContaining("not a database");
        Path foreign = directory.resolve("foreign.db");
        assertThatThrownBy(() -> Database.open(new DatabaseOptions.Sqlite(foreign.resolve("below")), FIRST))
                .hasMessageContaining("cannot be made");
        assertThatThrownBy(() -> Database.open(new DatabaseOptions.Sqlite(directory), FIRST))
                .hasMessageContaining("there is no database file");
    }

    @Test
    void a_database_of_another_program_is_refused() throws SQLException {
        Path file = directory.resolve("other.db");
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            boolean unused = statement.execute("CREATE TABLE song (title TEXT)");
        }
        assertThatThrownBy(() -> Database.open(new DatabaseOptions.Sqlite(file), FIRST))
                .hasMessageContaining("non-empty schema");
        assertThatThrownBy(() -> Database.openReadOnly(new DatabaseOptions.Sqlite(file), FIRST))
                .hasMessageContaining("holds no schema of this program");
    }

    @Test
    void a_second_process_that_writes_is_waited_for() throws Exception {
        try (Database database = open("registry.db")) {
            deposit(database);
            Process other = second("hold");
            try (BufferedReader said = other.inputReader()) {
                assertThat(said.readLine()).isEqualTo("holding");
                CompletableFuture<Long> mine = CompletableFuture.supplyAsync(() -> SecondWriter.increment(database));
                other.getOutputStream().close();
                assertThat(said.readLine()).isEqualTo("letting go");
                assertThat(mine.get()).isEqualTo(2);
                assertThat(other.waitFor()).isZero();
            }
        }
    }

    @Test
    void two_processes_writing_at_once_lose_nothing_and_neither_fails() throws Exception {
        try (Database database = open("registry.db")) {
            deposit(database);
            Process other = second(Integer.toString(EACH));
            for (int i = 0; i < EACH; i++) {
                assertThat(SecondWriter.increment(database)).isPositive();
            }
            assertThat(new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("done\n");
            assertThat(other.waitFor()).isZero();
            assertThat(SecondWriter.increment(database)).isEqualTo(2 * EACH + 1);
        }
    }

    private Process second(String what) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SecondWriter.class.getName(),
                        directory.resolve("registry.db").toString(),
                        what)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private Database open(String name) {
        return Database.open(new DatabaseOptions.Sqlite(directory.resolve(name)), FIRST);
    }

    private static void deposit(Database database) {
        int unused = database.transaction(handle -> handle.execute("INSERT INTO account VALUES ('alice', 0, NULL)"));
    }

    private static String pragma(org.jdbi.v3.core.Handle handle, String name) {
        return handle.createQuery("PRAGMA " + name).mapTo(String.class).one();
    }

    private static boolean canWrite(Connection other) {
        try (Statement statement = other.createStatement()) {
            statement.executeUpdate("BEGIN IMMEDIATE");
            statement.executeUpdate("ROLLBACK");
            return true;
        } catch (SQLException e) {
            assertThat(e.getMessage()).contains("SQLITE_BUSY");
            return false;
        }
    }
}
