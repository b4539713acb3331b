package io.ferrymesh.provider.config;

import io.ferrymesh.provider.config.Settings.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads the configuration file: sections, keys, values, and lists of values where a key takes several. Nothing else passes. */
final class YamlFile {

    private static final long MAX_BYTES = 256 << 10;

    private final Path file;
    private final List<String> problems;
    private final Map<String, Setting> set = new LinkedHashMap<>();

    private YamlFile(Path file, List<String> problems) {
        this.file = file;
        this.problems = problems;
    }

    /** By path. What does not belong there is among the problems; a file that is no YAML at all is a failure. */
    static Map<String, Setting> read(Path file, List<String> problems) throws ConfigException {
        YamlFile yaml = new YamlFile(file, problems);
        yaml.document().ifPresent(root -> yaml.section("", root));
        return yaml.set;
    }

    private Optional<Node> document() throws ConfigException {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file.toString())
                .setMaxAliasesForCollections(0)
                .setCodePointLimit((int) MAX_BYTES)
                .build();
        try (InputStream in = Files.newInputStream(file)) {
            if (Files.size(file) > MAX_BYTES) {
                throw new ConfigException(List.of(file + " is larger than " + MAX_BYTES + " bytes"));
            }
            return new Compose(settings).composeInputStream(in);
        } catch (IOException e) {
            throw new ConfigException(List.of("the configuration file cannot be read: " + e));
        } catch (MarkedYamlEngineException e) {
            String where =
                    e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
            throw new ConfigException(List.of(file + where + " is not YAML: " + e.getProblem()));
        } catch (YamlEngineException e) {
            throw new ConfigException(List.of(file + " is not YAML: " + e.getMessage()));
        }
    }

    private void section(String path, Node node) {
        if (!(node instanceof MappingNode mapping)) {
            if (!isNothing(node)) {
                problems.add((path.isEmpty() ? "the file" : path) + " must hold keys and values (" + at(node) + ")");
            }
            return;
        }
        Set<String> seen = new HashSet<>();
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode name)
                    || name.getValue().contains(".")) {
                problems.add("a key must be a name without dots (" + at(entry.getKeyNode()) + ")");
                continue;
            }
            String inner = path.isEmpty() ? name.getValue() : path + "." + name.getValue();
            if (!seen.add(inner)) {
                problems.add(inner + " is there twice (" + at(name) + ")");
                continue;
            }
            entry(inner, name, entry.getValueNode());
        }
    }

    private void entry(String path, Node name, Node value) {
        Optional<Key<?>> key = ConfigKeys.all().stream()
                .filter(each -> each.path().equals(path))
                .findFirst();
        if (key.isPresent()) {
            value(key.get(), value);
        } else if (ConfigKeys.all().stream().anyMatch(each -> each.path().startsWith(path + "."))) {
            section(path, value);
        } else {
            problems.add("there is no key " + path + " (" + at(name) + ")" + Nearest.hint(path, known()));
        }
    }

    private void value(Key<?> key, Node node) {
        if (key.secret()) {
            problems.add(key.path() + " must not be in the file: use " + key.path()
                    + "File, or the environment variable " + key.variable() + " (" + at(node) + ")");
            return;
        }
        Optional<String> text = key.type().isList() ? list(node) : scalar(node);
        if (text.isEmpty()) {
            String shape = key.type().isList() ? "a list of values" : "one value";
            problems.add(key.path() + " must be " + shape + ", " + key.type().right() + " (" + at(node) + ")");
        } else {
            set.put(key.path(), new Setting(text.get(), at(node)));
        }
    }

    private static Optional<String> list(Node node) {
        if (!(node instanceof SequenceNode sequence)) {
            return Optional.empty();
        }
        List<String> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            Optional<String> text = scalar(item).filter(each -> !each.contains(","));
            if (text.isEmpty()) {
                return Optional.empty();
            }
            items.add(text.get());
        }
        return Optional.of(String.join(",", items));
    }

    /** Its text as it is written, whatever type YAML thinks it has; quote the empty one. */
    private static Optional<String> scalar(Node node) {
        return node instanceof ScalarNode scalar && !isNothing(node)
                ? Optional.of(scalar.getValue())
                : Optional.empty();
    }

    private static boolean isNothing(Node node) {
        return node instanceof ScalarNode scalar
                && scalar.isPlain()
                && scalar.getValue().isEmpty();
    }

    private String at(Node node) {
        return file
                + node.getStartMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
    }

    private static List<String> known() {
        return ConfigKeys.all().stream().<String>map(Key::path).toList();
    }
}
