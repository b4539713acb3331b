package io.ferrymesh.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.DatabaseOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two providers of real processes: a mirror of a tree first, then the same tree moved. */
class MoveAndMirrorIT {

    private static final int MEMBERS = 8;

    @TempDir
    private static Path directory;

    private static Nodes nodes;
    private static Nodes.Centre centre;
    private static String fingerprint;

    @BeforeAll
    static void startKeyCentre() throws Exception {
        nodes = new Nodes(Files.createTempDirectory(directory, "nodes"), MEMBERS);
        centre = nodes.makeKeyCentre();
        fingerprint = nodes.startKeyCentre(centre);
    }

    @AfterAll
    static void stopKeyCentre() {
        nodes.close();
    }

    @Test
    void a_tree_is_mirrored_and_then_moved() throws Exception {
        Path from = Files.createDirectory(directory.resolve("from"));
        Path to = Files.createDirectory(directory.resolve("to"));
        Nodes.Provider old = provider("old", from);
        Nodes.Node source = nodes.startProvider(old);
        Nodes.Node destination = nodes.startProvider(provider("new", to));
        User leaving = User.register(source);
        User joining = User.register(destination);
        tree(from.resolve("tree"));
        Trees.file(to.resolve("tree/stale/file"), 10_000);
        Trees.file(to.resolve("tree/photos/stale"), 10);
        Trees.file(to.resolve("tree/notes"), 77);
        Trees.file(to.resolve("other/file"), 10);
        JsonObject options = new JsonObject()
                .put("mirror", true)
                .put("conflict", "OVERWRITE")
                .put("selection", new JsonObject().put("prefix", "tree/"));

        JsonObject mirrored = fetched(leaving, joining, false, options);

        assertThat(mirrored.getJsonObject("mirror").getLong("objectsRemoved")).isEqualTo(2);
        Trees.assertSame(from.resolve("tree"), to.resolve("tree"));
        assertThat(to.resolve("other/file")).exists();

        Path expected = directory.resolve("expected");
        tree(expected);
        Files.writeString(from.resolve("kept"), "is not under the grant's prefix");
        JsonObject grant = User.freshGrant().put("prefix", "tree/").put("move", true);
        leaving.allow(grant);
        joining.fetch(withoutMove(grant));
        assertThat(joining.awaitMigration(grant).getString("state")).isEqualTo("COMPLETED");
        JsonObject moved = Awaiting.until(
                "what moved is erased", () -> Optional.of(leaving.grant(grant).getJsonObject("moved"))
                        .filter(view -> view.getString("state").equals("DONE")));

        assertThat(moved.getLong("objects")).isEqualTo(files(expected));
        assertThat(moved.getLong("kept") + moved.getLong("failed")).isZero();
        assertThat(from.resolve("tree")).doesNotExist();
        assertThat(from.resolve("kept")).exists();
        assertThat(files(to.resolve("tree"))).isEqualTo(files(expected));
    }

    private static JsonObject fetched(User leaving, User joining, boolean move, JsonObject options) throws Exception {
        JsonObject grant = User.freshGrant().put("move", move);
        leaving.allow(grant);
        joining.fetch(withoutMove(grant).put("options", options));
        JsonObject ended = joining.awaitMigration(grant);
        assertThat(ended.getString("state")).as(ended.encode()).isEqualTo("COMPLETED");
        return ended;
    }

    /** What the destination is told. */
    private static JsonObject withoutMove(JsonObject grant) {
        return new JsonObject()
                .put("migrationId", grant.getString("migrationId"))
                .put("psk", grant.getString("psk"));
    }

    private static void tree(Path root) throws Exception {
        for (int i = 0; i < 40; i++) {
            Trees.file(root.resolve("photos/" + i % 5 + "/photo " + i), 1_000 + i);
        }
        Trees.file(root.resolve("large"), 20L << 20);
        Trees.file(root.resolve("notes"), 78);
    }

    private static long files(Path root) throws Exception {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    private static Nodes.Provider provider(String name, Path objects) throws Exception {
        DatabaseOptions state = new DatabaseOptions.Sqlite(directory.resolve(name + ".db"));
        return nodes.makeProvider(name, fingerprint, nodes.enrol(centre, name), Kept.directory(state, objects));
    }
}
