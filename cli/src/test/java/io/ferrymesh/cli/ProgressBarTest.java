package io.ferrymesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The line that is drawn while a migration goes on. */
class ProgressBarTest {

    private static String line(String state) {
        JsonObject failure = new JsonObject().put("code", "OVERLOADED").put("message", "later is fine");
        return ProgressBar.line(
                new MigrationView(new JsonObject().put("state", state).put("failure", failure)), Duration.ZERO);
    }

    @Test
    void it_says_why_a_migration_waits() {
        assertThat(line("QUEUED")).endsWith("  waits: OVERLOADED: later is fine");
        assertThat(line("FAILED")).doesNotContain("waits");
    }
}
