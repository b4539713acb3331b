package io.ferrymesh.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.provider.ProviderDatabase;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of providers are killed, stopped and started in the middle of migrations; nobody has to ask for anything again. */
class ProcessesIT {

    private static final int FILES = 80;
    private static final long MIB = 1L << 20;
    private static final long UNDER_WAY = 64 * MIB;

    @TempDir
    private Path directory;

    private Nodes nodes;
    private Nodes.Provider oldCloud;
    private Nodes.Provider newCloud;
    private Path from;
    private Path to;

    @BeforeEach
    void start() throws Exception {
        nodes = new Nodes(directory);
        from = Files.createDirectory(directory.resolve("from"));
        to = Files.createDirectory(directory.resolve("to"));
        for (int i = 0; i < FILES; i++) {
            Trees.sparse(from.resolve("many/file %02d".formatted(i)), 4 * MIB + i);
        }
        Trees.sparse(from.resolve("one large"), 200 * MIB);
        Nodes.Centre centre = nodes.makeKeyCentre();
        Path oldToken = nodes.enrol(centre, "old-cloud");
        Path newToken = nodes.enrol(centre, "new-cloud");
        String fingerprint = nodes.startKeyCentre(centre);
        oldCloud = nodes.makeProvider("old-cloud", fingerprint, oldToken, from);
        newCloud = nodes.makeProvider("new-cloud", fingerprint, newToken, to);
    }

    @AfterEach
    void stop() {
        nodes.close();
    }

    @Test
    void a_killed_source_that_comes_back_goes_on_and_moves_only_what_is_missing() throws Exception {
        Nodes.Node source = nodes.startProvider(oldCloud);
        Nodes.Node destination = nodes.startProvider(newCloud);
        User joining = User.register(destination);
        JsonObject grant = User.freshGrant();
        User.register(source).allow(grant);
        joining.fetch(grant);
        joining.awaitMoved(grant, UNDER_WAY);
        source.destroy();
        Nodes.Node again = nodes.startProvider(oldCloud);
        JsonObject unused = completes(joining, grant);
        assertThat(User.login(again).grant(grant).getString("state")).isEqualTo("COMPLETED");
        destination.stop();
        assertThat(to.resolve(".ferrymesh-staging")).doesNotExist();
    }

    @Test
    void a_destination_that_is_stopped_and_started_goes_on_where_it_was() throws Exception {
        Nodes.Node source = nodes.startProvider(oldCloud);
        Nodes.Node destination = nodes.startProvider(newCloud);
        User joining = User.register(destination);
        JsonObject grant = User.freshGrant();
        User.register(source).allow(grant);
        joining.fetch(grant);
        joining.awaitMoved(grant, UNDER_WAY);
        destination.stop();
        int whole = Trees.assertWhole(from, to);
        assertThat(whole).isBetween(1, FILES);
        JsonObject completed = completes(joining.at(nodes.startProvider(newCloud)), grant);
        assertThat(completed.getJsonObject("progress").getInteger("objectsAlreadyThere"))
                .isGreaterThanOrEqualTo(whole);
    }

    @Test
    void when_one_process_is_killed_another_goes_on_and_a_session_is_good_at_both() throws Exception {
        Nodes.Node source = nodes.startProvider(oldCloud);
        Nodes.Node first = nodes.startProvider(newCloud);
        String firstId = ask("SELECT id FROM instance").orElseThrow();
        Nodes.Node second = nodes.startProvider(newCloud);
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
        assertThat(completed.getJsonObject("progress").getInteger("objectsAlreadyThere"))
                .isGreaterThanOrEqualTo(whole);
    }

    @Test
    void what_one_process_is_told_the_other_knows() throws Exception {
        Nodes.Node first = nodes.startProvider(oldCloud);
        Nodes.Node second = nodes.startProvider(oldCloud);
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

    /** What the new provider's database says. */
    private Optional<String> ask(String sql) {
        DatabaseOptions where = new DatabaseOptions.Sqlite(directory.resolve("new-cloud.db"));
        try (Database database = Database.openReadOnly(where, ProviderDatabase.MIGRATIONS)) {
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
