package io.ferrymesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a dry run says to a person. */
class PreflightSummaryTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void what_stands_in_the_way_is_shown_with_a_few_names_and_fails_the_command() {
        MigrationView view = view(
                new JsonObject()
                        .put("kind", "SPACE")
                        .put("severity", "BLOCKS")
                        .put("objects", 9)
                        .put("bytes", 2_000)
                        .put("examples", new JsonArray())
                        .put("message", "make room"),
                new JsonObject()
                        .put("kind", "UNREADABLE_AT_SOURCE")
                        .put("severity", "OBJECT_FAILS")
                        .put("objects", 7)
                        .put("bytes", 70)
                        .put(
                                "examples",
                                new JsonArray()
                                        .add("a")
                                        .add("b\u001b[2J")
                                        .add("c")
                                        .add("d")
                                        .add("e")
                                        .add("f"))
                        .put("message", "the source may not read these"));

        Summary.print(view, "data", Optional.empty(), out);

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .containsPattern("Free there +unknown\n")
                .containsPattern("Quota left +0 B\n")
                .containsPattern("Tried to read +3 of 10 objects\n")
                .contains("Stops it: SPACE: 9 objects", "make room")
                .contains("Would fail: UNREADABLE_AT_SOURCE: 7 objects", "    b\\x1b[2J\n", "    and 2 more\n")
                .doesNotContain("\u001b", "    f\n");
        assertThat(view.complete()).isFalse();
    }

    @Test
    void nothing_in_the_way_is_said_too() {
        MigrationView view = view();

        Summary.print(view, "data", Optional.empty(), out);

        assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("Nothing was found to stand in the way.");
        assertThat(view.complete()).isTrue();
    }

    @Test
    void what_stops_no_migration_fails_no_command() {
        MigrationView view =
                view(new JsonObject().put("kind", "NO_OBJECT_AT_SOURCE").put("severity", "WARNING"));

        Summary.print(view, "data", Optional.empty(), out);

        assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("Note: NO_OBJECT_AT_SOURCE");
        assertThat(view.complete()).isTrue();
    }

    private static MigrationView view(JsonObject... findings) {
        JsonArray all = new JsonArray();
        for (JsonObject each : findings) {
            all.add(each);
        }
        JsonObject preflight = new JsonObject()
                .putNull("freeBytes")
                .put("quotaBytes", 0)
                .put("objectsProbed", 3)
                .put("objectsNotProbed", 7)
                .put("findings", all);
        return new MigrationView(new JsonObject()
                .put("state", "COMPLETED")
                .put("dryRun", new JsonObject().put("objectsWanted", 9).put("preflight", preflight)));
    }
}
