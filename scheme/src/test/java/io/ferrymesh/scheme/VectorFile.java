package io.ferrymesh.scheme;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** The vectors under test: {@code scheme-v1.json}, or what the system property {@code vectors.file} names. */
final class VectorFile {

    private VectorFile() {}

    static JsonNode read() throws IOException {
        String other = System.getProperty("vectors.file", "");
        try (InputStream in = other.isEmpty() ? bundled() : Files.newInputStream(resolve(other))) {
            return new ObjectMapper().readTree(in);
        }
    }

    private static InputStream bundled() {
        return Objects.requireNonNull(VectorFile.class.getResourceAsStream("/scheme-v1.json"));
    }

    /** Relative to where the build was started, not to the module the tests run in. */
    private static Path resolve(String file) {
        return Path.of(System.getProperty("vectors.base", "")).resolve(file);
    }

    /** A group's vectors; a missing or empty group fails, and so does a vector without exactly these fields. */
    static List<JsonNode> group(JsonNode root, String name, String... fields) {
        JsonNode group = root.path(name);
        assertThat(group.isArray()).as("group " + name).isTrue();
        assertThat(group.size()).as("vectors in " + name).isPositive();
        List<JsonNode> vectors = new ArrayList<>();
        for (JsonNode vector : group) {
            assertThat(names(vector)).as("fields in " + name).isEqualTo(Set.of(fields));
            vectors.add(vector);
        }
        return vectors;
    }

    static Set<String> names(JsonNode node) {
        Set<String> names = new TreeSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    static byte[] hex(JsonNode node) {
        assertThat(node.isTextual()).isTrue();
        return HexFormat.of().parseHex(node.textValue());
    }

    static byte[] hex(JsonNode vector, String field) {
        assertThat(vector.has(field)).as(field).isTrue();
        return hex(vector.get(field));
    }

    static List<byte[]> hexes(JsonNode vector, String field) {
        List<byte[]> values = new ArrayList<>();
        vector.path(field).forEach(value -> values.add(hex(value)));
        return values;
    }
}
