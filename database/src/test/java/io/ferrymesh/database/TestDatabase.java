package io.ferrymesh.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Where a test class has its databases: a directory or a PostgreSQL server. JUnit closes it after the class. */
public abstract sealed class TestDatabase implements AutoCloseable {

    private TestDatabase() {}

    /** SQLite files. */
    public static TestDatabase sqlite() {
        return new SqliteFiles();
    }

    /** Databases of a PostgreSQL server. */
    public static TestDatabase postgres(PostgresServer server) {
        return new Server(server);
    }

    /** A new, empty database. */
    public abstract DatabaseOptions fresh();

    /**
     * A new database with the schema that these migrations make and nothing else: a copy of one that was made once, which takes a
     * part of the time.
     */
    public abstract DatabaseOptions fresh(String migrations);

    private static void migrate(DatabaseOptions empty, String migrations) {
        Database.open(empty, migrations).close();
    }

    /** Whether these are files. */
    public abstract boolean isSqlite();

    @Override
    public abstract void close();

    private static final class SqliteFiles extends TestDatabase {

        private static final Map<String, byte[]> MIGRATED = new ConcurrentHashMap<>();

        private final Path directory;
        private int made;

        SqliteFiles() {
            try {
                directory = Files.createTempDirectory("ferrymesh-sqlite-");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public synchronized DatabaseOptions.Sqlite fresh() {
            made++;
            return new DatabaseOptions.Sqlite(directory.resolve("test" + made + ".db"));
        }

        @Override
        public DatabaseOptions fresh(String migrations) {
            byte[] content = MIGRATED.computeIfAbsent(migrations, this::migrated);
            DatabaseOptions.Sqlite database = fresh();
            try {
                Path unused = Files.write(database.file(), content);
                Path unusedOwn =
                        Files.setPosixFilePermissions(database.file(), PosixFilePermissions.fromString("rw-------"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return database;
        }

        private byte[] migrated(String migrations) {
            DatabaseOptions.Sqlite model = fresh();
            migrate(model, migrations);
            try {
                return Files.readAllBytes(model.file());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public boolean isSqlite() {
            return true;
        }

        @Override
        public void close() {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String toString() {
            return "SQLite";
        }
    }

    private static final class Server extends TestDatabase {

        private final PostgresServer server;
        private final List<DatabaseOptions.Postgres> made = new ArrayList<>();

        Server(PostgresServer server) {
            this.server = server;
        }

        @Override
        public synchronized DatabaseOptions fresh() {
            DatabaseOptions.Postgres database = server.fresh();
            made.add(database);
            return database;
        }

        @Override
        public synchronized DatabaseOptions fresh(String migrations) {
            DatabaseOptions.Postgres database =
                    server.copy(server.model(migrations, empty -> migrate(empty, migrations)));
            made.add(database);
            return database;
        }

        @Override
        public boolean isSqlite() {
            return false;
        }

        @Override
        public synchronized void close() {
            made.forEach(server::drop);
        }

        @Override
        public String toString() {
            return "PostgreSQL";
        }
    }
}
