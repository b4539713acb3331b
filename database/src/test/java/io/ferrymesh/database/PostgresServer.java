package io.ferrymesh.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Debian's PostgreSQL in a temporary directory, on loopback, as an unprivileged user where this process is root. It ends with
 * this process, however that ends.
 */
public final class PostgresServer implements AutoCloseable {

    private static final String REQUIRED = "postgres.required";
    private static final String USER = "ferrymesh";
    private static final String PASSWORD = "correct horse battery";
    private static final int START_ATTEMPTS = 200;
    private static final int POLL_MS = 50;

    private static final class Shared {
        private static final Optional<PostgresServer> SERVER = startIfInstalled();
    }

    private final Path bin;
    private final Path home;
    private final AtomicInteger databases = new AtomicInteger();
    private final Map<String, DatabaseOptions.Postgres> models = new ConcurrentHashMap<>();
    private int port;
    private Process process;

    private PostgresServer(Path bin) {
        this.bin = bin;
        try {
            this.home = Files.createTempDirectory("ferrymesh-postgres-");
            initialise();
            this.port = freePort();
            this.process = launch();
            Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The server all tests of this JVM share; none where PostgreSQL is not installed, which is said once, unless
     * {@code -Dpostgres.required=true}: then it fails.
     */
    public static Optional<PostgresServer> shared() {
        return Shared.SERVER;
    }

    /** A server of one's own, to be ill-treated; closed by who started it. */
    public static Optional<PostgresServer> own() {
        return shared().map(any -> new PostgresServer(any.bin));
    }

    private static Optional<PostgresServer> startIfInstalled() {
        Optional<Path> installed = installed();
        if (installed.isEmpty() && Boolean.getBoolean(REQUIRED)) {
            throw new IllegalStateException(
                    "-D" + REQUIRED + "=true, but there is no /usr/lib/postgresql/*/bin/postgres");
        }
        if (installed.isEmpty()) {
            System.err.println("PostgreSQL is not installed (Debian: apt install postgresql): its tests are skipped");
        }
        return installed.map(PostgresServer::new);
    }

    private static Optional<Path> installed() {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(each -> each.resolve("bin"))
                    .filter(each -> Files.isExecutable(each.resolve("postgres")))
                    .max(Path::compareTo);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void initialise() throws IOException {
        Path password = Files.writeString(home.resolve("password"), PASSWORD);
        if (isRoot()) {
            run(List.of("chown", "-R", unprivileged(), home.toString()));
        }
        List<String> command = List.of(
                bin.resolve("initdb").toString(),
                "--pgdata=" + data(),
                "--username=" + USER,
                "--pwfile=" + password,
                "--auth=md5",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync");
        run(asUnprivileged(command));
    }

    /** Under a shell that ends the server when told to or when this JVM is gone, and then removes its files too. */
    private Process launch() throws IOException {
        List<String> server = asUnprivileged(List.of(
                bin.resolve("postgres").toString(),
                "-D",
                data().toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "fsync=off", // processes are killed here, machines are not
                "-c",
                "deadlock_timeout=100ms"));
        String script =
                "home=$1; shift; \"$@\" & read -r how; kill -QUIT $!; wait; [ -n \"$how\" ] || rm -rf \"$home\"";
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh", home.toString()));
        command.addAll(server);
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile())
                .start();
        awaitReady(started);
        return started;
    }

    private void awaitReady(Process started) throws IOException {
        for (int i = 0; i < START_ATTEMPTS && started.isAlive(); i++) {
            try {
                administrator().close();
                return;
            } catch (SQLException e) {
                pause();
            }
        }
        throw new IOException("PostgreSQL does not start:\n" + Files.readString(home.resolve("log")));
    }

    /** A database that was not there before, empty. */
    public DatabaseOptions.Postgres fresh() {
        String name = "test" + databases.incrementAndGet();
        execute("CREATE DATABASE " + name);
        return database(name, PASSWORD);
    }

    /** A database to be copied, which is filled when it is asked for first; the same for the same name. */
    DatabaseOptions.Postgres model(String name, Consumer<DatabaseOptions.Postgres> fill) {
        return models.computeIfAbsent(name, unused -> {
            DatabaseOptions.Postgres empty = fresh();
            fill.accept(empty);
            return empty;
        });
    }

    /** A database that was not there before, with all that a model has, to which nobody may be connected. */
    DatabaseOptions.Postgres copy(DatabaseOptions.Postgres model) {
        String name = "test" + databases.incrementAndGet();
        execute("CREATE DATABASE " + name + " TEMPLATE " + name(model));
        return database(name, PASSWORD);
    }

    private static String name(DatabaseOptions.Postgres database) {
        return database.url().getPath().substring(1);
    }

    /** How to reach a database of this server. */
    public DatabaseOptions.Postgres database(String name, String password) {
        URI url = URI.create("postgresql://127.0.0.1:" + port + "/" + name);
        return new DatabaseOptions.Postgres(url, Optional.of(USER), Optional.of(password));
    }

    /** Removes a database, whoever is still connected. */
    public void drop(DatabaseOptions.Postgres database) {
        execute("DROP DATABASE IF EXISTS " + name(database) + " WITH (FORCE)");
    }

    /** Does one statement as the superuser. */
    public void execute(String sql) {
        try (Connection connection = administrator();
                Statement statement = connection.createStatement()) {
            boolean unused = statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Connection administrator() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", USER, PASSWORD);
    }

    /** Ends it as a crash does. */
    public void kill() {
        if (process.isAlive()) {
            end(process);
        }
    }

    /** Starts it again where it was, after {@link #kill}. */
    public void restart() {
        try {
            process = launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves every connection open and answers nothing any more, like a machine that is gone. */
    public void freeze() {
        signal("STOP");
    }

    /** Ends {@link #freeze}. */
    public void thaw() {
        signal("CONT");
    }

    private void signal(String signal) {
        try {
            String postmaster =
                    Files.readAllLines(data().resolve("postmaster.pid")).get(0);
            Stream<String> children = ProcessHandle.of(Long.parseLong(postmaster)).stream()
                    .flatMap(ProcessHandle::descendants)
                    .map(each -> Long.toString(each.pid()));
            List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
            command.addAll(Stream.concat(Stream.of(postmaster), children).toList());
            run(command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void end(Process process) {
        try (var input = process.outputWriter()) {
            input.write("stop\n");
        } catch (IOException e) {
            // It ended by itself.
        }
        try {
            boolean unused = process.waitFor(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
        try {
            run(List.of("rm", "-rf", home.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path data() {
        return home.resolve("data");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** Debian's package makes this user. */
    private static String unprivileged() {
        return "postgres";
    }

    private static List<String> asUnprivileged(List<String> command) {
        if (!isRoot()) {
            return command;
        }
        String user = unprivileged();
        List<String> whole =
                new ArrayList<>(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "--"));
        whole.addAll(command);
        return whole;
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
