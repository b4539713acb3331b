package io.ferrymesh.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.database.OnEachDatabase;
import io.ferrymesh.database.TestDatabase;
import io.ferrymesh.provider.ProviderDatabase;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes of providers are killed, stopped and started in the middle of migrations; nobody has to ask for anything again.
 * All of it on either database.
 */
@OnEachDatabase
class ProcessesIT {

    private static final int FILES = 80;
    private static final long MIB = 1L << 20;
    private static final long UNDER_WAY = 64 * MIB;

    /** The key centre, and up to three processes in each test, on either database. */
    private static final int MEMBERS = 24;

    @TempDir
    private static Path directory;

    private static Nodes nodes;
    private static Nodes.Centre centre;
    private static String fingerprint;
    private static Path from;
    private static int tests;

    private final TestDatabase databases;
    private final List<Nodes.Node> processes = new ArrayList<>();
    private Nodes.Provider oldCloud;
    private Nodes.Provider newCloud;
    private DatabaseOptions newCloudsState;

    @TempDir
    private Path to;

    ProcessesIT(TestDatabase databases) {
        this.databases = databases;
    }

    @BeforeAll
    static void startKeyCentre() throws Exception {
        nodes = new Nodes(Files.createTempDirectory(directory, "nodes"), MEMBERS);
        from = Files.createTempDirectory(directory, "from");
        for (int i = 0; i < FILES; i++) {
            Trees.sparse(from.resolve("many/file %02d".formatted(i)), 4 * MIB + i);
        }
        Trees.sparse(from.resolve("one large"), 200 * MIB);
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
        newCloudsState = databases.fresh();
        oldCloud = provider("old-cloud-" + tests, Kept.directory(databases.fresh(), from));
        newCloud = provider("new-cloud-" + tests, Kept.directory(newCloudsState, to));
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
    void a_killed_source_that_comes_back_goes_on_and_moves_only_what_is_missing() throws Exception {
        Nodes.Node source = started(oldCloud);
        Nodes.Node destination = started(newCloud);
        User joining = User.register(destination);
        JsonObject grant = User.freshGrant();
        User.register(source).allow(grant);
        joining.fetch(grant);
        joining.awaitMoved(grant, UNDER_WAY);
        source.destroy();
        Nodes.Node again = started(oldCloud);
        JsonObject unused = completes(joining, grant);
        assertThat(User.login(again).grant(grant).getString("state")).isEqualTo("COMPLETED");
        destination.stop();
        assertThat(to.resolve(".ferrymesh-staging")).doesNotExist();
    }

    @Test
    void a_destination_that_is_stopped_and_started_goes_on_where_it_was() throws Exception {
        Nodes.Node source = started(oldCloud);
        Nodes.Node destination = started(newCloud);
        User joining = User.register(destination);
        JsonObject grant = User.freshGrant();
        User.register(source).allow(grant);
        joining.fetch(grant);
        joining.awaitMoved(grant, UNDER_WAY);
        destination.stop();
        int whole = Trees.assertWhole(from, to);
        assertThat(whole).isBetween(1, FILES);
        JsonObject completed = completes(joining.at(started(newCloud)), grant);
        assertMovedWithout(whole, completed);
    }

    @Test
    void when_one_process_is_killed_another_goes_on_and_a_session_is_good_at_both() throws Exception {
        Nodes.Node source = started(oldCloud);
        Nodes.Node first = started(newCloud);
        String firstId = ask("SELECT id FROM instance").orElseThrow();
        Nodes.Node second = started(newCloud);
        User joining = User.register(first);
        JsonObject grant = User.freshGrant();
        User.register(source).allow(grant);
        joining.fetch(grant);
        joining.at(second).awaitMoved(grant, UNDER_WAY);
        boolean firstDrives = ask("SELECT holder FROM migration WHERE holder IS NOT NULL")
                .orElseThrow()
                .equals(firstId);
        Nodes.Node driving = firstDrives ? first : second;
        User there = joining.at(firstDrives ? second : first);
        assertThat(there.get("/v1/account").getString("name")).isEqualTo(User.NAME);
        driving.destroy();
        int whole = Trees.assertWhole(from, to);
        assertThat(whole).isBetween(1, FILES);
        JsonObject completed = completes(there, grant);
        assertMovedWithout(whole, completed);
    }

    @Test
    void what_one_process_is_told_the_other_knows() throws Exception {
        Nodes.Node first = started(oldCloud);
        Nodes.Node second = started(oldCloud);
        User here = User.register(first);
        User there = here.at(second);
        JsonObject grant = User.freshGrant();
        here.allow(grant);
        assertThat(there.grant(grant).getString("state")).isEqualTo("WAITING");
        assertThat(there.status("DELETE", "/v1/grants/" + grant.getString("migrationId")))
                .isEqualTo(204);
        assertThat(here.grant(grant).getString("state")).isEqualTo("WITHDRAWN");
        assertThat(here.status("DELETE", "/v1/sessions/current")).isEqualTo(204);
        assertThat(here.status("GET", "/v1/account")).isEqualTo(401);
        int ended = Awaiting.until(
                "the end of the session at the other process",
                () -> Optional.of(there.status("GET", "/v1/account")).filter(status -> status != 200));
        assertThat(ended).isEqualTo(401);
        assertThat(User.login(second).get("/v1/account").getString("name")).isEqualTo(User.NAME);
    }

    /** In its last run it moved nothing of so many files that were there. */
    private static void assertMovedWithout(int whole, JsonObject completed) {
        JsonObject progress = completed.getJsonObject("progress");
        assertThat(progress.getLong("bytesMoved"))
                .isLessThanOrEqualTo(progress.getLong("bytesListed") - whole * 4L * MIB);
        assertThat(progress.getInteger("objectsDone") + progress.getInteger("objectsAlreadyThere"))
                .isEqualTo(FILES + 1);
    }

    private Nodes.Node started(Nodes.Provider provider) throws Exception {
        Nodes.Node process = nodes.startProvider(provider);
        processes.add(process);
        return process;
    }

    /** What the new provider's database says. */
    private Optional<String> ask(String sql) {
        try (Database database = Database.openReadOnly(newCloudsState, ProviderDatabase.MIGRATIONS)) {
            return database.<Optional<String>>read(
                    handle -> handle.createQuery(sql).mapTo(String.class).findFirst());
        }
    }

    private JsonObject completes(User joining, JsonObject grant) throws Exception {
        JsonObject completed = joining.awaitMigration(grant);
        assertThat(completed.getString("state")).as(completed.encode()).isEqualTo("COMPLETED");
        Trees.assertSame(from, to);
        return completed;
    }
}
