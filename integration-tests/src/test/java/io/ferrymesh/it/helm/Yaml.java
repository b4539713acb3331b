package io.ferrymesh.it.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** YAML as a tree. A key that is there twice is an error. */
final class Yaml {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Yaml() {}

    static JsonNode read(Path file) {
        try {
            return documents(Files.readString(file)).get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those with something in them. */
    static List<JsonNode> documents(String text) {
        List<JsonNode> documents = new ArrayList<>();
        for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(text)) {
            JsonNode node = MAPPER.valueToTree(document);
            if (node != null && !node.isNull()) {
                documents.add(node);
            }
        }
        return documents;
    }

    /** The second over the first; lists are not merged. */
    static JsonNode merge(JsonNode under, JsonNode over) {
        if (!(under instanceof ObjectNode first) || !(over instanceof ObjectNode second)) {
            return over;
        }
        ObjectNode merged = first.deepCopy();
        second.properties()
                .forEach(entry -> merged.set(
                        entry.getKey(),
                        merged.has(entry.getKey())
                                ? merge(merged.get(entry.getKey()), entry.getValue())
                                : entry.getValue()));
        return merged;
    }

    static Stream<JsonNode> each(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    /** The value at a path such as {@code spec/template}, which must be there. */
    static JsonNode at(JsonNode node, String path) {
        JsonNode found = node.at("/" + path);
        if (found.isMissingNode()) {
            throw new AssertionError("there is no " + path + " in " + node.toPrettyString());
        }
        return found;
    }
}
