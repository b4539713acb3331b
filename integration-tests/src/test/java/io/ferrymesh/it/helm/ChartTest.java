package io.ferrymesh.it.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether the chart is one, renders what Kubernetes knows, and refuses what cannot work. */
@NeedsHelm
class ChartTest {

    static List<String> examples() {
        return Chart.examples();
    }

    /** What the values are like that need other templates than the examples do. */
    static List<Chart> variants() {
        List<Chart> variants =
                new ArrayList<>(Chart.examples().stream().map(Chart::example).toList());
        Chart provider = Chart.example("provider.yaml");
        variants.add(provider.with("autoscaling.enabled", false).with("replicas", 0));
        Chart small = Chart.example("first-start.yaml");
        variants.add(small.with("provider.config.store.type", "webdav")
                .with("provider.config.store.webdav.url", "https://dav.example.org/objects")
                .with("provider.config.store.webdav.user", "ferrymesh")
                .with("provider.store.secret", "webdav")
                .with("networkPolicy.store.to[0].ipBlock.cidr", "10.30.0.0/16"));
        variants.add(small.with("once", "null")
                .with("replicas", 3)
                .with("database.secret", "database")
                .with("networkPolicy.database.to[0].ipBlock.cidr", "10.20.0.5/32")
                .with("keys.fileSecret", "key-file")
                .with("provider.store.claim", "objects")
                .with("api.host", "::"));
        variants.add(provider.with("networkPolicy.enabled", false)
                .with("podDisruptionBudget.enabled", false)
                .with("shutdown.delaySeconds", 0)
                .with("jvmOptions", "-Xmx512m")
                .with("priorityClassName", "high")
                .with("serviceAccount.name", "its-own")
                .with("image.digest", "sha256:" + "0".repeat(64))
                .with("imagePullSecrets[0].name", "registry")
                .with("podAnnotations.note", "kept")
                .with("nodeSelector.disk", "ssd")
                .with("tolerations[0].key", "only")
                .with("tolerations[0].operator", "Exists"));
        variants.add(provider.with("cluster.remote[0].dns", "members.far.example.org")
                .with("cluster.remote[0].cidrs[0]", "10.9.0.0/16"));
        variants.add(provider.with("cluster.tls.secret", "member"));
        variants.add(Chart.example("kgc.yaml").with("cluster.tls.secret", "member"));
        variants.add(small.with("once[0]", "forget").with("once[1]", "stock"));
        variants.add(Chart.example("kgc.yaml").with("replicas", 1).with("once[0]", "restored"));
        variants.add(Chart.example("kgc.yaml")
                .with("replicas", 1)
                .with("database.secret", "")
                .with("database.caSecret", "")
                .with("keys.fileSecret", ""));
        return variants;
    }

    @ParameterizedTest
    @MethodSource("examples")
    void helm_finds_nothing_to_say_against_it(String example, @TempDir Path directory) throws IOException {
        Path chart = copy(directory);
        JsonNode values = Chart.example(example).merged();
        Path unused = Files.writeString(chart.resolve("values.yaml"), values.toString());
        LintResult result = new Helm(chart).lint().strict().call();
        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
        Path broken =
                Files.writeString(chart.resolve("templates").resolve("broken.yaml"), "a: {{ .Values.nowhere.at }}");
        assertThat(new Helm(chart).lint().strict().call().isFailed())
                .as("with %s", broken)
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void kubernetes_knows_everything_in_it(Chart chart) {
        Rendered rendered = chart.render();
        assertThat(rendered.manifests()).hasSizeGreaterThan(3);
        for (JsonNode manifest : rendered.manifests()) {
            if (!manifest.path("kind").asText().equals("ServiceMonitor")) {
                assertThat(KubernetesTypes.problems(manifest))
                        .as(manifest.toPrettyString())
                        .isEmpty();
            }
            assertThat(Yaml.at(manifest, "metadata/name").asText()).matches("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
            assertThat(Yaml.at(manifest, "metadata/namespace").asText()).isEqualTo(Chart.NAMESPACE);
            manifest.at("/metadata/labels").forEach(label -> assertThat(label.asText())
                    .matches("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"));
        }
        assertThat(rendered.text())
                .as("what YAML 1.1, which Kubernetes reads, takes for something else than YAML 1.2 does")
                .doesNotContainPattern("(?m)[:-] (y|n|yes|no|on|off|0[0-9]+)$");
        assertThat(rendered.manifests().stream()
                        .map(manifest -> manifest.path("kind") + "/" + manifest.at("/metadata/name")))
                .doesNotHaveDuplicates();
    }

    @Test
    void what_kubernetes_does_not_know_is_noticed() {
        JsonNode set = Chart.example("provider.yaml").render().one("StatefulSet");
        assertThat(problems(set, "/spec", "replica", "2")).containsExactly("StatefulSet.spec.replica is not known");
        assertThat(problems(set, "/spec", "replicas", "2"))
                .containsExactly("StatefulSet.spec.replicas must be a whole number: \"2\"");
        assertThat(problems(set, "/spec/template/spec/containers/0/livenessProbe/httpGet", "prot", "1"))
                .containsExactly(
                        "StatefulSet.spec.template.spec.containers[0].livenessProbe.httpGet.prot is not known");
        ObjectNode without = set.deepCopy();
        ((ObjectNode) without.at("/spec/template/spec/containers/0")).remove("name");
        ((ObjectNode) without.at("/spec/template/spec/containers/0/env/0")).put("value", 5);
        assertThat(KubernetesTypes.problems(without))
                .containsExactlyInAnyOrder(
                        "StatefulSet.spec.template.spec.containers[0].name is missing",
                        "StatefulSet.spec.template.spec.containers[0].env[0].value must be a text: 5");
        ObjectNode elsewhere = set.deepCopy();
        assertThat(KubernetesTypes.problems(elsewhere.put("apiVersion", "v1")))
                .containsExactly("there is no StatefulSet in v1");
    }

    private static List<String> problems(JsonNode manifest, String at, String field, String value) {
        ObjectNode changed = manifest.deepCopy();
        ((ObjectNode) changed.at(at)).put(field, value);
        return KubernetesTypes.problems(changed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    kgc.yaml         | role                               | provder          | /role
                    kgc.yaml         | role                               | null             | role
                    provider.yaml    | replica                            | 2                | replica
                    provider.yaml    | replicas                           | two              | /replicas
                    provider.yaml    | cluster.port                       | 70000            | /cluster/port
                    provider.yaml    | cluster.peers[0].servce            | x                | servce
                    provider.yaml    | cluster.tls.secret                 | My_Secret        | /cluster/tls/secret
                    provider.yaml    | log.level                          | info             | /log/level
                    provider.yaml    | provider.config.kgc.fingerprint    | 5f0c             | /provider/config/kgc/fingerprint
                    provider.yaml    | provider.config.http.publicUrl     | http://a.example | /provider/config/http/publicUrl
                    provider.yaml    | networkPolicy.apiFrom[0]           | null             | /networkPolicy/apiFrom/0
                    first-start.yaml | once[0]                            | initialise       | /once/0
                    kgc.yaml         | image.digest                       | sha256:1         | /image/digest
                    provider.yaml    | api.tlsSecret                      |                  | api.tlsSecret must be set
                    provider.yaml    | keys.passphraseSecret              |                  | keys.passphraseSecret must be set
                    provider.yaml    | provider.config.http.port          | 80               | provider.config.http.port must not be set
                    provider.yaml    | provider.config.database.url       | sqlite:x         | provider.config.database must not be set
                    provider.yaml    | provider.config.store.s3.accessKey | AKIA             | provider.config.store.s3.accessKey must not be set
                    provider.yaml    | database.secret                    |                  | database.secret must be set with several processes
                    provider.yaml    | keys.fileSecret                    |                  | keys.fileSecret must be set with several processes
                    provider.yaml    | once[0]                            | restored         | once must be empty with several processes
                    provider.yaml    | networkPolicy.database.to          | null             | networkPolicy.database.to must be set
                    provider.yaml    | networkPolicy.store.to             | null             | networkPolicy.store.to must be set
                    provider.yaml    | autoscaling.minReplicas            | 7                | autoscaling.minReplicas must be at most
                    provider.yaml    | kgc.backupClaim                    | backups          | kgc.* must be as it comes for a provider
                    provider.yaml    | cluster.eventBusPort               | 5701             | cluster.eventBusPort must be another
                    first-start.yaml | persistence.enabled                | false            | persistence.enabled must be true
                    first-start.yaml | replicas                           | 2                | provider.store.claim must be set with several processes
                    first-start.yaml | keys.fileSecret                    | key-file         | once must not be init with keys.fileSecret
                    kgc.yaml         | autoscaling.enabled                | true             | autoscaling.enabled must be false for a key centre
                    kgc.yaml         | kgc.options.api-port               | 80               | kgc.options.api-port must not be set
                    kgc.yaml         | provider.enrolmentSecret           | token            | provider.* must be as it comes for a key centre
                    kgc.yaml         | serviceMonitor.tokenSecret         |                  | serviceMonitor.tokenSecret must be set
                    """)
    void what_cannot_work_is_refused_by_name(String example, String key, String value, String says) {
        assertThatThrownBy(() -> Chart.example(example)
                        .with(key, value == null ? "" : value)
                        .render())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(says);
    }

    @Test
    void everything_that_is_missing_is_told_at_once(@TempDir Path directory) throws IOException {
        Path values = Files.writeString(directory.resolve("values.yaml"), "role: provider\n");
        assertThatThrownBy(() -> new Chart(values, Map.of()).render())
                .hasMessageContainingAll(
                        "api.tlsSecret",
                        "keys.passphraseSecret",
                        "kgc.fingerprint",
                        "http.publicUrl",
                        "store.type must be set: directory, s3 or webdav");
    }

    @Test
    void a_kubernetes_that_is_too_old_is_refused() {
        Chart chart = Chart.example("kgc.yaml");
        assertThatThrownBy(() -> chart.template().withKubeVersion("1.29.9").call())
                .hasMessageContaining("1.30.0");
        assertThatCode(() -> chart.template().withKubeVersion("1.30.0").call()).doesNotThrowAnyException();
    }

    @Test
    void every_value_is_in_the_schema_and_the_other_way_round() {
        JsonNode schema = Yaml.read(Chart.DIRECTORY.resolve("values.schema.json"));
        Set<String> known = known("", schema).collect(Collectors.toSet());
        Set<String> there = there("", Yaml.read(Chart.DIRECTORY.resolve("values.yaml")), known)
                .collect(Collectors.toSet());
        // Has no default.
        assertThat(known).contains("/role");
        known.remove("/role");
        assertThat(there).isEqualTo(known);
    }

    /** Paths of the schema that have no properties of their own, or have others too. */
    private static Stream<String> known(String path, JsonNode schema) {
        boolean closed =
                schema.has("properties") && !schema.path("additionalProperties").asBoolean(true);
        return closed && !path.equals("/resources")
                ? schema.get("properties").properties().stream()
                        .flatMap(entry -> known(path + "/" + entry.getKey(), entry.getValue()))
                : Stream.of(path);
    }

    private static Stream<String> there(String path, JsonNode values, Set<String> known) {
        return known.contains(path) || !values.isObject()
                ? Stream.of(path)
                : values.properties().stream()
                        .flatMap(entry -> there(path + "/" + entry.getKey(), entry.getValue(), known));
    }

    private static Path copy(Path directory) throws IOException {
        Path to = directory.resolve("ferrymesh");
        try (Stream<Path> files = Files.walk(Chart.DIRECTORY)) {
            for (Path file : files.toList()) {
                Path unused = Files.copy(file, to.resolve(Chart.DIRECTORY.relativize(file)));
            }
        }
        return to;
    }
}
