package io.ferrymesh.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A provider's process is killed in the middle of a migration. */
class LostPeerIT {

    private static final int FILES = 80;
    private static final long MIB = 1L << 20;
    private static final long UNDER_WAY = 64 * MIB;
    private static final List<String> LOST = List.of("PEER_LOST", "UNAVAILABLE");

    @TempDir
    private Path directory;

    private Nodes nodes;
    private final List<Path> tokens = new ArrayList<>();
    private String fingerprint;
    private Path userToken;
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
        for (int i = 0; i < 3; i++) {
            tokens.add(nodes.enrol(centre, "provider-" + i));
        }
        userToken = nodes.secret("user-token", 32);
        fingerprint = nodes.startKeyCentre(centre);
    }

    @AfterEach
    void stop() {
        nodes.close();
    }

    @Test
    void a_killed_source_is_noticed_and_a_new_migration_moves_only_what_is_missing() throws Exception {
        Nodes.Node source = provider("old-cloud", from);
        Nodes.Node destination = provider("new-cloud", to);
        User joining = new User(destination, userToken);
        JsonObject grant = User.freshGrant();
        new User(source, userToken).allow(grant);
        joining.fetch(grant);
        joining.awaitMoved(grant, UNDER_WAY);
        source.destroy();
        JsonObject failed = joining.awaitMigration(grant);
        assertThat(failed.getString("state")).isEqualTo("FAILED");
        assertThat(failed.getJsonObject("failure").getString("code")).isIn(LOST);
        int whole = Trees.assertWhole(from, to);
        assertThat(whole).isBetween(1, FILES);
        completes(provider("old-cloud", from), destination, whole);
    }

    @Test
    void a_killed_destination_is_noticed_leaves_nothing_half_written_and_goes_on_where_it_was() throws Exception {
        Nodes.Node source = provider("old-cloud", from);
        Nodes.Node destination = provider("new-cloud", to);
        User leaving = new User(source, userToken);
        User joining = new User(destination, userToken);
        JsonObject grant = User.freshGrant();
        leaving.allow(grant);
        joining.fetch(grant);
        joining.awaitMoved(grant, UNDER_WAY);
        destination.destroy();
        JsonObject failed = leaving.awaitGrant(grant);
        assertThat(failed.getString("state")).isEqualTo("FAILED");
        assertThat(failed.getJsonObject("failure").getString("code")).isIn(LOST);
        int whole = Trees.assertWhole(from, to);
        assertThat(whole).isBetween(1, FILES);
        completes(source, provider("new-cloud", to), whole);
    }

    private void completes(Nodes.Node source, Nodes.Node destination, int alreadyThere) throws Exception {
        User joining = new User(destination, userToken);
        JsonObject grant = User.freshGrant();
        new User(source, userToken).allow(grant);
        joining.fetch(grant);
        JsonObject completed = joining.awaitMigration(grant);
        assertThat(completed.getString("state")).as(completed.encode()).isEqualTo("COMPLETED");
        JsonObject progress = completed.getJsonObject("progress");
        assertThat(progress.getInteger("objectsAlreadyThere")).isEqualTo(alreadyThere);
        assertThat(progress.getInteger("objectsDone")).isEqualTo(FILES + 1 - alreadyThere);
        Trees.assertSame(from, to);
        destination.stop();
        assertThat(to.resolve(".ferrymesh-staging")).doesNotExist();
    }

    private Nodes.Node provider(String name, Path data) throws Exception {
        return nodes.startProvider(name, fingerprint, tokens.remove(0), userToken, data);
    }
}
