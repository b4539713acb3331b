package io.ferrymesh.it.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What would be given to Kubernetes. */
record Rendered(String text, List<JsonNode> manifests) {

    static Rendered of(String text) {
        return new Rendered(text, Yaml.documents(text));
    }

    List<JsonNode> all(String kind) {
        return manifests.stream()
                .filter(manifest -> manifest.path("kind").asText().equals(kind))
                .toList();
    }

    /** The only one of its kind. */
    JsonNode one(String kind) {
        assertThat(all(kind)).as(kind).hasSize(1);
        return all(kind).get(0);
    }

    JsonNode named(String kind, String name) {
        Optional<JsonNode> found = all(kind).stream()
                .filter(manifest -> Yaml.at(manifest, "metadata/name").asText().equals(name))
                .findFirst();
        assertThat(found).as("%s %s", kind, name).isPresent();
        return found.orElseThrow();
    }

    JsonNode pod() {
        return Yaml.at(one("StatefulSet"), "spec/template");
    }

    JsonNode container() {
        return Yaml.at(pod(), "spec/containers/0");
    }

    /** Those of initialisation first. */
    List<JsonNode> containers() {
        JsonNode spec = Yaml.at(pod(), "spec");
        return Stream.concat(Yaml.each(spec.path("initContainers")), Yaml.each(spec.path("containers")))
                .toList();
    }

    /** Whether a selector of labels takes this release's pods. */
    boolean selects(JsonNode labels) {
        JsonNode own = Yaml.at(pod(), "metadata/labels");
        return !labels.isEmpty()
                && labels.properties().stream()
                        .allMatch(label -> label.getValue().equals(own.get(label.getKey())));
    }
}
