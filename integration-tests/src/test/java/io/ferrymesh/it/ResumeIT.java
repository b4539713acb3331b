package io.ferrymesh.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.provider.ProviderDatabase;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The source, or both ends, killed in the middle of one large object: what was safe of it is not sent again. */
class ResumeIT {

    private static final long SEGMENT = 16L << 20;
    private static final long SEGMENTS = 40;

    /** Enough for a checkpoint of the destination, which is due after 64 MiB. */
    private static final long UNDER_WAY = 9 * SEGMENT;

    private static final int MEMBERS = 16;

    @TempDir
    private static Path directory;

    private static Nodes nodes;
    private static Nodes.Centre centre;
    private static String fingerprint;
    private static Path from;
    private static int tests;

    private final List<Nodes.Node> processes = new ArrayList<>();
    private Nodes.Provider oldCloud;
    private Nodes.Provider newCloud;
    private DatabaseOptions newCloudsState;

    @TempDir
    private Path to;

    @TempDir
    private Path states;

    @BeforeAll
    static void startKeyCentre() throws Exception {
        nodes = new Nodes(Files.createTempDirectory(directory, "nodes"), MEMBERS);
        from = Files.createTempDirectory(directory, "from");
        Trees.sparse(from.resolve("films/one large"), SEGMENTS * SEGMENT);
        centre = nodes.makeKeyCentre();
        fingerprint = nodes.startKeyCentre(centre);
    }

    @AfterAll
    static void stopKeyCentre() {
        nodes.close();
    }

    @BeforeEach
    void makeProviders() throws Exception {
        tests++;
        newCloudsState = new DatabaseOptions.Sqlite(states.resolve("new.db"));
        oldCloud = provider("old-" + tests, Kept.directory(new DatabaseOptions.Sqlite(states.resolve("old.db")), from));
        newCloud = provider("new-" + tests, Kept.directory(newCloudsState, to));
    }

    private static Nodes.Provider provider(String name, Kept kept) throws Exception {
        return nodes.makeProvider(name, fingerprint, nodes.enrol(centre, name), kept);
    }

    @AfterEach
    void killProcesses() throws Exception {
        for (Nodes.Node each : processes) {
            each.destroy();
        }
    }

    @Test
    void after_a_kill_of_the_source_everything_that_was_whole_stays() throws Exception {
        Nodes.Node source = started(oldCloud);
        Nodes.Node destination = started(newCloud);
        JsonObject grant = underWay(source, destination);
        source.destroy();
        Nodes.Node unused = started(oldCloud);

        JsonObject completed = completes(User.login(destination), grant);

        assertThat(moved(completed))
                .as("all but what had come, without a segment that was half there in each lane")
                .isLessThanOrEqualTo((SEGMENTS + 2) * SEGMENT - UNDER_WAY);
        assertThat(moved(completed) % SEGMENT).isZero();
    }

    @Test
    void after_a_kill_of_both_they_go_on_where_they_were() throws Exception {
        Nodes.Node source = started(oldCloud);
        Nodes.Node destination = started(newCloud);
        JsonObject grant = underWay(source, destination);
        User joining = User.login(destination);
        destination.destroy();
        source.destroy();
        long safe = count("SELECT COUNT(*) FROM migration_segment");

        Nodes.Node unused = started(oldCloud);
        JsonObject completed = completes(joining.at(started(newCloud)), grant);

        assertThat(safe).isBetween(4L, SEGMENTS - 1);
        assertThat(moved(completed)).isEqualTo((SEGMENTS - safe) * SEGMENT);
    }

    /** A grant of which so much has moved, and not all. */
    private static JsonObject underWay(Nodes.Node source, Nodes.Node destination) throws Exception {
        User joining = User.register(destination);
        JsonObject grant = User.freshGrant();
        User.register(source).allow(grant);
        joining.fetch(grant);
        joining.awaitMoved(grant, UNDER_WAY);
        return grant;
    }

    private Nodes.Node started(Nodes.Provider provider) throws Exception {
        Nodes.Node process = nodes.startProvider(configured(nodes, provider));
        processes.add(process);
        return process;
    }

    private static long moved(JsonObject completed) {
        return completed.getJsonObject("progress").getLong("bytesMoved");
    }

    /** A provider as its processes are to run. */
    Nodes.Provider configured(Nodes among, Nodes.Provider provider) throws Exception {
        return provider;
    }

    /** How many of its streams began on a direct connection, for each process that runs at the end. */
    void requireCarrier(long streams) {
        assertThat(streams).as("streams on direct connections").isZero();
    }

    private void requireCarrier() throws Exception {
        for (Nodes.Node process : processes) {
            if (process.process().isAlive()) {
                requireCarrier(Figures.carried(process, "streams_direct"));
            }
        }
    }

    /** What the new provider's database says. */
    private long count(String sql) {
        try (Database database = Database.openReadOnly(newCloudsState, ProviderDatabase.MIGRATIONS)) {
            return database.<Long>read(
                    handle -> handle.createQuery(sql).mapTo(Long.class).one());
        }
    }

    private JsonObject completes(User joining, JsonObject grant) throws Exception {
        JsonObject completed = joining.awaitMigration(grant);
        assertThat(completed.getString("state")).as(completed.encode()).isEqualTo("COMPLETED");
        Trees.assertSame(from, to);
        requireCarrier();
        assertThat(count("SELECT COUNT(*) FROM migration_staged")).isZero();
        return completed;
    }
}
