package io.ferrymesh.it.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A release of the chart that is not installed. Immutable.
 *
 * @param values the file of its values
 * @param set more values, as {@code --set} takes them
 */
record Chart(Path values, Map<String, String> set) {

    static final Path DIRECTORY = Path.of("..", "helm", "ferrymesh");
    static final String NAMESPACE = "old-cloud";
    static final String NAME = "old-ferrymesh";

    /** Helm would take a version that it was built with. */
    private static final String KUBERNETES = "1.34.0";

    private static final Path EXAMPLES = Path.of("..", "helm", "examples");

    /** Every example there is. */
    static List<String> examples() {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Chart example(String name) {
        return new Chart(EXAMPLES.resolve(name), Map.of());
    }

    Chart with(String key, Object value) {
        Map<String, String> more = new LinkedHashMap<>(set);
        more.put(key, value.toString());
        return new Chart(values, more);
    }

    /** Fails with what Helm says, if it refuses. */
    Rendered render() {
        return Rendered.of(template().call());
    }

    /** The command that renders it. */
    TemplateCommand template() {
        TemplateCommand command = new Helm(DIRECTORY)
                .template()
                .withName("old")
                .withNamespace(NAMESPACE)
                .withKubeVersion(KUBERNETES)
                .withValuesFile(values);
        set.forEach(command::set);
        return command;
    }

    /** The chart's own values with these over them, as Helm merges them. */
    JsonNode merged() {
        return Yaml.merge(Yaml.read(DIRECTORY.resolve("values.yaml")), Yaml.read(values));
    }
}
