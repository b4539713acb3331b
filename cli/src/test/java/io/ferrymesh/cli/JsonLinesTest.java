package io.ferrymesh.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JsonLinesTest {

    private final LoggerContext context = new LoggerContext();
    private final Logger logger = context.getLogger("io.ferrymesh.Something");
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final JsonLines lines = new JsonLines();

    @BeforeEach
    void start() {
        context.setMDCAdapter(new LogbackMDCAdapter());
        logger.setLevel(Level.INFO);
        logger.addAppender(events);
        events.start();
        lines.start();
    }

    @Test
    void a_line_is_one_json_object_with_its_migration() {
        logger.atWarn()
                .addKeyValue("migration", "00ff")
                .addKeyValue("objects", 7)
                .log("stopped: {}", "a\nb\"c");
        JsonObject line = line();
        assertThat(line.fieldNames())
                .isEqualTo(Set.of("time", "level", "logger", "thread", "message", "migration", "objects"));
        assertThat(line.getString("level")).isEqualTo("WARN");
        assertThat(line.getString("logger")).isEqualTo("io.ferrymesh.Something");
        assertThat(line.getString("message")).isEqualTo("stopped: a\nb\"c");
        assertThat(line.getString("migration")).isEqualTo("00ff");
        assertThat(line.getInteger("objects")).isEqualTo(7);
        assertThat(Instant.parse(line.getString("time"))).isBefore(Instant.now().plusSeconds(1));
    }

    @Test
    void a_failure_comes_with_its_stack_trace_on_the_same_line() {
        logger.error("failed", new IllegalStateException("outer", new RuntimeException("inner")));
        assertThat(line().getString("error"))
                .contains("IllegalStateException: outer", "Caused by: ", "inner", "JsonLinesTest");
    }

    @Test
    void no_key_passes_for_what_every_line_has() {
        logger.atInfo()
                .addKeyValue("level", "ERROR")
                .addKeyValue("message", "forged")
                .log("told");
        assertThat(line().getString("level")).isEqualTo("INFO");
        assertThat(line().getString("message")).isEqualTo("told");
    }

    @Test
    void settings_that_would_silence_the_log_are_refused() {
        assertThatThrownBy(() -> LogSettings.check(Map.of("FERRYMESH_LOG_FORMAT", "xml")))
                .hasMessage("FERRYMESH_LOG_FORMAT must be text or json: xml");
        assertThatThrownBy(() -> LogSettings.check(Map.of("FERRYMESH_LOG_LEVEL", "loud")))
                .hasMessage("FERRYMESH_LOG_LEVEL must be ERROR or WARN or INFO or DEBUG: loud");
        assertThatCode(() -> LogSettings.check(Map.of("FERRYMESH_LOG_FORMAT", "json", "FERRYMESH_LOG_LEVEL", "")))
                .doesNotThrowAnyException();
    }

    @Test
    void an_empty_setting_is_as_good_as_none() {
        assertThat(LogSettings.properties(Map.of("FERRYMESH_LOG_FORMAT", "", "FERRYMESH_LOG_LEVEL", "INFO")))
                .isEqualTo(Map.of("FERRYMESH_LOG_FORMAT", "text"));
        assertThat(LogSettings.properties(Map.of())).isEmpty();
    }

    private JsonObject line() {
        assertThat(events.list).hasSize(1);
        String text = new String(lines.encode(events.list.get(0)), StandardCharsets.UTF_8);
        assertThat(text).endsWith("}\n");
        assertThat(text.indexOf('\n')).isEqualTo(text.length() - 1);
        return new JsonObject(text);
    }
}
