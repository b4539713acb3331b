package io.ferrymesh.it.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ferrymesh.provider.service.MigrationView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether the manifests mean each other, and whom they let in and out. */
@NeedsHelm
class ChartTogetherTest {

    static List<Chart> variants() {
        return ChartTest.variants();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void whatever_selects_pods_selects_these(Chart chart) {
        Rendered rendered = chart.render();
        JsonNode set = rendered.one("StatefulSet");
        assertThat(rendered.selects(Yaml.at(set, "spec/selector/matchLabels"))).isTrue();
        assertThat(rendered.all("Service")).hasSize(2).allSatisfy(service -> {
            assertThat(rendered.selects(Yaml.at(service, "spec/selector"))).isTrue();
            assertThat(Yaml.each(Yaml.at(service, "spec/ports"))
                            .map(port -> port.path("targetPort").asText()))
                    .isSubsetOf(ports(rendered));
        });
        for (JsonNode budget : rendered.all("PodDisruptionBudget")) {
            assertThat(rendered.selects(Yaml.at(budget, "spec/selector/matchLabels")))
                    .isTrue();
            assertThat(Yaml.at(budget, "spec/maxUnavailable").asInt()).isPositive();
        }
        for (JsonNode policy : rendered.all("NetworkPolicy")) {
            assertThat(rendered.selects(Yaml.at(policy, "spec/podSelector/matchLabels")))
                    .isTrue();
        }
        assertThat(Yaml.each(Yaml.at(rendered.pod(), "spec/topologySpreadConstraints")))
                .hasSize(2)
                .allSatisfy(spread -> assertThat(rendered.selects(Yaml.at(spread, "labelSelector/matchLabels")))
                        .isTrue());
    }

    @ParameterizedTest
    @MethodSource("variants")
    void what_is_referred_to_is_there(Chart chart) {
        Rendered rendered = chart.render();
        JsonNode set = rendered.one("StatefulSet");
        JsonNode members =
                rendered.named("Service", Yaml.at(set, "spec/serviceName").asText());
        assertThat(members.at("/spec/clusterIP").asText()).isEqualTo("None");
        assertThat(members.at("/spec/publishNotReadyAddresses").asBoolean())
                .as("members find each other before they are ready, which they are only then")
                .isTrue();
        String account = Yaml.at(rendered.pod(), "spec/serviceAccountName").asText();
        assertThat(rendered.all("ServiceAccount").stream()
                        .map(each -> each.at("/metadata/name").asText()))
                .isSubsetOf(account);
        for (JsonNode scaler : rendered.all("HorizontalPodAutoscaler")) {
            assertThat(Yaml.at(scaler, "spec/scaleTargetRef/kind").asText()).isEqualTo("StatefulSet");
            assertThat(Yaml.at(scaler, "spec/scaleTargetRef/name")).isEqualTo(Yaml.at(set, "metadata/name"));
            assertThat(Yaml.at(set, "spec").has("replicas"))
                    .as("two who set the number of processes")
                    .isFalse();
        }
        assertThat(rendered.text()).contains("updateStrategy:").contains("podManagementPolicy: Parallel");
    }

    @Test
    void a_party_can_be_told_apart_from_another_in_the_same_namespace() {
        Rendered one = Chart.example("kgc.yaml").render();
        Rendered other = Rendered.of(
                Chart.example("provider.yaml").template().withName("new").call());
        assertThat(other.selects(Yaml.at(one.one("StatefulSet"), "spec/selector/matchLabels")))
                .isFalse();
        assertThat(Stream.of(one, other)
                        .flatMap(each -> each.manifests().stream())
                        .map(manifest -> manifest.path("kind") + "/" + manifest.at("/metadata/name")))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void whoever_is_not_named_is_denied(Chart chart) {
        Rendered rendered = chart.render();
        for (JsonNode policy : rendered.all("NetworkPolicy")) {
            assertThat(Yaml.at(policy, "spec/policyTypes").toString()).isEqualTo("[\"Ingress\",\"Egress\"]");
            assertThat(rules(policy, "ingress", "from")).isNotEmpty().allSatisfy(rule -> named(rule, "from"));
            assertThat(rules(policy, "egress", "to")).isNotEmpty().allSatisfy(rule -> named(rule, "to"));
        }
    }

    /** A rule without peers or ports is everybody or everything. */
    private static void named(JsonNode rule, String direction) {
        assertThat(rule.path(direction)).as("%s", rule).isNotEmpty();
        assertThat(rule.path("ports")).as("%s", rule).isNotEmpty();
        assertThat(rule.path(direction)).allSatisfy(peer -> assertThat(peer).isNotEmpty());
    }

    @Test
    void only_members_reach_the_ports_of_the_cluster() {
        Rendered rendered = Chart.example("provider.yaml").render();
        JsonNode policy = rendered.one("NetworkPolicy");
        List<JsonNode> toCluster = rules(policy, "ingress", "from").stream()
                .filter(rule ->
                        rule.path("ports").toString().matches(".*\\b(5701|15701|7700|hazelcast|eventbus|direct)\\b.*"))
                .toList();
        assertThat(toCluster).singleElement().satisfies(rule -> {
            assertThat(rule.path("from")).hasSize(3).allSatisfy(peer -> assertThat(
                            rendered.selects(Yaml.at(peer, "podSelector/matchLabels")))
                    .isTrue());
            assertThat(Yaml.each(rule.path("from"))
                            .map(peer -> peer.at("/namespaceSelector/matchLabels/kubernetes.io~1metadata.name")
                                    .asText()))
                    .containsExactly("", "kgc", "new-cloud");
        });
        assertThat(ingress(policy, "api")).containsExactly("ingress-nginx");
        assertThat(ingress(policy, "management")).containsExactly("monitoring");
    }

    @Test
    void without_anybody_named_nobody_reaches_the_api_or_the_metrics() {
        Rendered rendered = Chart.example("provider.yaml")
                .with("networkPolicy.apiFrom", "null")
                .with("networkPolicy.metricsFrom", "null")
                .render();
        JsonNode policy = rendered.one("NetworkPolicy");
        assertThat(ingress(policy, "api")).isEmpty();
        assertThat(ingress(policy, "management")).isEmpty();
        assertThat(rules(policy, "ingress", "from")).hasSize(1);
    }

    @Test
    void a_provider_gets_out_to_what_it_needs_only() {
        Chart chart = Chart.example("provider.yaml");
        assertThat(egress(chart)).containsExactly("5701,15701,7700", "53,53", "5432", "443", "443");
        assertThat(egress(chart.with("provider.config.webhooks.enabled", false)))
                .containsExactly("5701,15701,7700", "53,53", "5432", "443");
        assertThat(egress(Chart.example("first-start.yaml").with("networkPolicy.webhooks", false)))
                .containsExactly("5701,15701", "53,53");
        assertThat(egress(Chart.example("kgc.yaml"))).containsExactly("5701,15701", "53,53", "5432");
    }

    private static List<String> egress(Chart chart) {
        return rules(chart.render().one("NetworkPolicy"), "egress", "to").stream()
                .map(rule -> String.join(
                        ",",
                        Yaml.each(rule.path("ports"))
                                .map(port -> port.path("port").asText())
                                .toList()))
                .toList();
    }

    private static List<String> ingress(JsonNode policy, String port) {
        return rules(policy, "ingress", "from").stream()
                .filter(rule -> rule.path("ports").toString().contains("\"" + port + "\""))
                .flatMap(rule -> Yaml.each(rule.path("from")))
                .map(peer -> peer.at("/namespaceSelector/matchLabels/kubernetes.io~1metadata.name")
                        .asText())
                .toList();
    }

    private static List<JsonNode> rules(JsonNode policy, String name, String direction) {
        List<JsonNode> rules = Yaml.each(Yaml.at(policy, "spec/" + name)).toList();
        assertThat(rules).allSatisfy(rule -> assertThat(rule.has(direction)).isTrue());
        return rules;
    }

    @Test
    void a_provider_is_scaled_by_a_metric_and_states_that_there_are() throws IOException {
        JsonNode scaler = Chart.example("provider.yaml").render().one("HorizontalPodAutoscaler");
        List<JsonNode> metrics = Yaml.each(Yaml.at(scaler, "spec/metrics")).toList();
        assertThat(metrics).hasSize(2).allSatisfy(metric -> {
            assertThat(metric.path("type").asText()).isEqualTo("External");
            assertThat(metric.at("/external/metric/name").asText()).isEqualTo("ferrymesh_provider_migrations");
            // Every process tells the number of all: an average of what they tell would grow with none of them.
            assertThat(metric.at("/external/target/type").asText()).isEqualTo("AverageValue");
        });
        assertThat(metrics.stream().map(metric -> metric.at("/external/metric/selector/matchLabels/state")
                        .asText()))
                .isSubsetOf(Stream.of(MigrationView.State.values())
                        .map(state -> state.name().toLowerCase(Locale.ROOT))
                        .toList())
                .contains("queued");
        assertThat(Files.readString(Path.of("..", "docs", "operations.md")))
                .contains("| `ferrymesh_provider_migrations` | by `state`");
    }

    @Test
    void metrics_are_asked_for_where_they_are() {
        Rendered provider = Chart.example("provider.yaml").render();
        JsonNode monitor = provider.one("ServiceMonitor");
        JsonNode members = provider.named("Service", Chart.NAME + "-members");
        Yaml.at(monitor, "spec/selector/matchLabels").properties().forEach(label -> assertThat(
                        Yaml.at(members, "metadata/labels").get(label.getKey()))
                .isEqualTo(label.getValue()));
        for (Rendered each : List.of(provider, Chart.example("kgc.yaml").render())) {
            JsonNode service = each.named("Service", Chart.NAME + "-members");
            JsonNode endpoint = Yaml.at(each.one("ServiceMonitor"), "spec/endpoints/0");
            assertThat(endpoint.path("path").asText()).isEqualTo("/metrics");
            assertThat(Yaml.each(Yaml.at(service, "spec/ports")).map(port -> port.path("name")))
                    .contains(endpoint.path("port"));
        }
        assertThat(Chart.example("first-start.yaml").render().all("ServiceMonitor"))
                .isEmpty();
    }

    private static List<String> ports(Rendered rendered) {
        return Yaml.each(rendered.container().path("ports"))
                .map(port -> port.path("name").asText())
                .toList();
    }
}
