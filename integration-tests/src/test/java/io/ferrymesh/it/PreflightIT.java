package io.ferrymesh.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.it.Program.Result;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two providers of real processes, and a user who asks by the program what would stand in the way, and then tries all the same. */
class PreflightIT {

    private static final int MEMBERS = 4;

    /** A file that not even root may read: it is there to be written to. */
    private static final String WRITE_ONLY = "/sys/bus/platform/drivers_probe";

    @TempDir
    private Path directory;

    private Nodes nodes;
    private String fingerprint;
    private Nodes.Centre centre;
    private Path from;
    private Path to;
    private final List<Path> mounted = new ArrayList<>();

    @BeforeEach
    void startKeyCentre() throws Exception {
        nodes = new Nodes(Files.createDirectory(directory.resolve("nodes")), MEMBERS);
        centre = nodes.makeKeyCentre();
        fingerprint = nodes.startKeyCentre(centre);
        from = Files.createDirectory(directory.resolve("from"));
        to = Files.createDirectories(directory.resolve("to/" + "x".repeat(250)));
    }

    @AfterEach
    void stop() throws Exception {
        nodes.close();
        for (Path each : mounted) {
            assertThat(exitOf("umount", each.toString())).isZero();
        }
    }

    @Test
    void what_cannot_be_read_named_or_fitted_is_shown_and_nothing_of_it_moves() throws Exception {
        Trees.file(from.resolve("a fine one"), 2_000);
        Trees.file(from.resolve("b fine one"), 3_000);
        Trees.sparse(from.resolve("too large"), Files.getFileStore(from).getUsableSpace() + (1L << 30));
        lock(from.resolve("locked"));
        String deep = tooDeep();
        Trees.file(from.resolve(deep), 10);
        Nodes.Node source = nodes.startProvider(provider("old-cloud", from));
        Nodes.Provider small = provider("new-cloud", to);
        Files.writeString(
                small.config(),
                Files.readString(small.config()).replace("quotaBytes: 1152921504606846976", "quotaBytes: 20000"));
        Nodes.Node destination = nodes.startProvider(small);
        User leaving = User.register(source);
        User joining = User.register(destination);
        JsonObject grant = User.freshGrant();
        leaving.allow(grant);
        Path file = Files.writeString(directory.resolve("grant"), grant.encode());
        Path session = loggedIn(destination);

        Result looked = fetch(session, file, "--dry-run").exits(1);

        assertThat(looked.out())
                .contains("Nothing was moved.", "Stops it: SPACE: 3 objects", "Stops it: QUOTA: 3 objects")
                .contains("Would fail: UNREADABLE_AT_SOURCE: 1 objects", "    locked\n")
                .contains("Would fail: NAME_NOT_ALLOWED: 1 objects", "    " + deep);
        assertThat(looked.row("Quota left")).isNotEqualTo("unknown");
        assertThat(looked.row("Free there")).isNotEqualTo("unknown");
        assertThat(looked.row("Tried to read")).isEqualTo("4 of 4 objects");
        JsonObject preflight = joining.migration(grant).getJsonObject("dryRun").getJsonObject("preflight");
        assertThat(kinds(preflight))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "SPACE", "BLOCKS",
                        "QUOTA", "BLOCKS",
                        "UNREADABLE_AT_SOURCE", "OBJECT_FAILS",
                        "NAME_NOT_ALLOWED", "OBJECT_FAILS"));
        assertThat(preflight.getLong("quotaBytes")).isBetween(1L, 20_000L);
        assertThat(shown(session, grant).getJsonObject("dryRun").getJsonObject("preflight"))
                .isEqualTo(preflight);

        Result stopped = fetch(session, file, "--attempts", "1").exits(1);

        assertThat(stopped.out()).contains("The migration pauses.", "DESTINATION_FULL");
        JsonObject paused = joining.migration(grant);
        assertThat(paused.getString("state")).isEqualTo("PAUSED");
        assertThat(paused.getJsonObject("progress").getLong("bytesMoved")).isZero();
        assertThat(to.resolve("a fine one")).doesNotExist();
    }

    /** Of a length that fits below the one root and not below the other. */
    private String tooDeep() {
        int length = 4_095 - to.toString().length();
        List<String> parts = new ArrayList<>();
        for (int left = length; left > 0; left -= 201) {
            parts.add("d".repeat(Math.min(200, left)));
        }
        return String.join("/", parts);
    }

    /** Puts something there that nobody here may read. */
    private void lock(Path file) throws Exception {
        Trees.file(file, 100);
        assertThat(exitOf("chmod", "000", file.toString())).isZero();
        if (Files.isReadable(file)) {
            assumeThat(exitOf("mount", "--bind", WRITE_ONLY, file.toString()))
                    .as("skipped: nothing that root may not read can be put there")
                    .isZero();
            mounted.add(file);
        }
    }

    private static Map<String, String> kinds(JsonObject preflight) {
        return preflight.getJsonArray("findings").stream()
                .map(JsonObject.class::cast)
                .collect(Collectors.toMap(each -> each.getString("kind"), each -> each.getString("severity")));
    }

    private Nodes.Provider provider(String name, Path objects) throws Exception {
        DatabaseOptions state = new DatabaseOptions.Sqlite(directory.resolve(name + ".db"));
        return nodes.makeProvider(name, fingerprint, nodes.enrol(centre, name), Kept.directory(state, objects));
    }

    private Path loggedIn(Nodes.Node provider) throws Exception {
        Path session = directory.resolve("session");
        Path password = Files.writeString(directory.resolve("password"), User.PASSWORD + "\n");
        Result unused = program()
                .run(
                        "account",
                        "login",
                        User.NAME,
                        "--provider",
                        "" + provider.api(),
                        "--password-file",
                        "" + password,
                        "--session-file",
                        "" + session)
                .exits(0);
        return session;
    }

    private Result fetch(Path session, Path grant, String... more) throws Exception {
        return program()
                .run(Stream.concat(
                                Stream.of("fetch", "--destination-session", "" + session, "--grant-file", "" + grant),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    private JsonObject shown(Path session, JsonObject grant) throws Exception {
        return new JsonObject(program()
                .run("migration", "show", grant.getString("migrationId"), "--session-file", "" + session)
                .exits(0)
                .out());
    }

    private Program program() {
        return Program.in(directory).jvm(QuickStart.options());
    }

    private static int exitOf(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
