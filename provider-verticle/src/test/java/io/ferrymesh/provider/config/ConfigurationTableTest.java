package io.ferrymesh.provider.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table in the documentation says what the code does, key by key. */
class ConfigurationTableTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "configuration.md");

    @Test
    void the_table_has_every_key_as_the_code_has_it_and_no_other() throws Exception {
        List<String> rows = Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.matches("\\| `[a-z].*FERRYMESH_.*"))
                .toList();
        List<String> wanted =
                ConfigKeys.all().stream().map(ConfigurationTableTest::row).toList();
        assertThat(rows)
                .as("the rows should be%n%s%n", String.join("\n", wanted))
                .isEqualTo(wanted);
    }

    private static String row(Key<?> key) {
        String fallback = key.fallback()
                .map(text -> text.isEmpty() ? "nothing" : "`" + text + "`")
                .orElse("");
        String right = key.secret() ? "only in the environment" : key.type().right();
        return "| `%s` | `%s` | %s | %s | %s |"
                .formatted(
                        key.path(),
                        key.variable(),
                        fallback,
                        right,
                        key.meaning().replace("|", "\\|"));
    }
}
