package io.ferrymesh.it.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** The whole deployment of compose.yaml with a network for each party, as its scripts start it. */
@NeedsCompose
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class) // what is measured, and by whom, shows after the migration
class ComposeIT {

    private static final List<String> NODES = List.of("kgc-1", "kgc-2", "old-1", "old-2", "new-1", "new-2");
    private static final String NOBODY = "nobody is there";
    private static final String HTTP_OR_NOT = "HTTP|speak|reset";

    /** What is shown only once there is something wrong. */
    private static final Set<String> RARE = Set.of(
            "ferrymesh_provider_degraded",
            "ferrymesh_provider_migrations_paused",
            "ferrymesh_provider_retries_total",
            "ferrymesh_store_retries_total");

    private ComposeDeployment deployment;

    @BeforeAll
    void start() throws IOException {
        deployment = ComposeDeployment.up(Path.of("target", "compose"), "--networks");
    }

    @AfterAll
    void stop() throws IOException {
        if (deployment != null) {
            deployment.close();
        }
    }

    @Test
    @Order(1)
    void a_user_moves_through_it_and_the_receipt_is_good() throws IOException {
        assertThat(deployment.script("sample-migration"))
                .contains("Everything arrived and was verified at both ends.")
                .contains("every file is at the new provider, byte for byte")
                .contains("\"good\":true")
                .contains("the receipt is good");
    }

    @Test
    @Order(2)
    void a_partys_databases_and_stores_answer_its_own_processes_and_nobody_elses() throws Exception {
        String newStore = "http://" + deployment.address("new-store") + ":9000/healthz";
        String newDatabase = "http://" + deployment.address("new-db") + ":5432/";
        String oldDatabase = "http://" + deployment.address("old-db") + ":5432/";
        String kgcDatabase = "http://" + deployment.address("kgc-db") + ":5432/";

        assertThat(deployment.ask("new-1", newStore)).contains("200");
        assertThat(deployment.ask("new-2", newDatabase))
                .containsPattern(HTTP_OR_NOT)
                .doesNotContain(NOBODY);
        assertThat(deployment.ask("old-1", oldDatabase))
                .containsPattern(HTTP_OR_NOT)
                .doesNotContain(NOBODY);
        assertThat(deployment.ask("kgc-1", kgcDatabase))
                .containsPattern(HTTP_OR_NOT)
                .doesNotContain(NOBODY);

        List<List<String>> foreign = List.of(
                List.of("old-1", newStore),
                List.of("old-1", newDatabase),
                List.of("old-2", kgcDatabase),
                List.of("new-1", oldDatabase),
                List.of("kgc-1", newDatabase));
        assertThat(foreign.parallelStream().map(each -> ask(each.get(0), each.get(1))))
                .allSatisfy(said -> assertThat(said).contains(NOBODY));
    }

    @Test
    @Order(3)
    void no_container_has_a_secret_of_another_party() throws IOException {
        for (String node : NODES) {
            String party = node.substring(0, node.indexOf('-'));
            String mounts = deployment.inspect(node, "{{range .Mounts}}{{.Destination}} {{end}}");
            List<String> secrets = Stream.of(mounts.split(" ", -1))
                    .filter(mount -> mount.startsWith(Containers.SECRETS))
                    .toList();
            assertThat(secrets).isNotEmpty().allSatisfy(secret -> assertThat(secret)
                    .startsWith(Containers.SECRETS + party + "-"));
        }
    }

    @Test
    @Order(4)
    void prometheus_sees_every_node_and_all_that_the_dashboard_shows() throws Exception {
        Until.isTrue(() -> result("sum(up)").equals(String.valueOf(NODES.size())));
        Dashboard dashboard = Dashboard.read(deployment.file("grafana/dashboards/ferrymesh.json"));

        Set<String> shown = new TreeSet<>(dashboard.metrics());
        assertThat(shown).hasSizeGreaterThan(20);
        String documented = Files.readString(Path.of("..", "docs", "operations.md"));
        assertThat(RARE)
                .allSatisfy(name -> assertThat(documented).containsAnyOf(name, name.replace("ferrymesh_provider", "")));
        Set<String> missing = new HashSet<>(shown);
        missing.removeAll(RARE);
        JsonArray names =
                deployment.prometheus("label/__name__/values", Map.of()).getJsonArray("data");
        missing.removeAll(names.stream().map(String::valueOf).toList());
        assertThat(missing).isEmpty();
        for (String expression : dashboard.expressions()) {
            JsonObject unused = deployment.prometheus("query", Map.of("query", expression));
        }
        Until.isTrue(() -> result("sum(ferrymesh_provider_objects_moved_total{party=\"new\"})")
                .equals("4"));
    }

    @Test
    @Order(5)
    void docker_says_that_every_node_is_healthy() throws Exception {
        for (String node : NODES) {
            Until.isTrue(() -> "healthy".equals(deployment.inspect(node, "{{.State.Health.Status}}")));
        }
    }

    @Test
    @Order(6)
    void the_other_variants_are_well_formed() throws IOException {
        assertThat(deployment.compose("-f", "compose.minimal.yaml", "config")).contains("at-old:");
        assertThat(deployment.compose("-f", "compose.yaml", "config")).contains("new-store:");
    }

    /** The value of an expression that has one. */
    private String result(String expression) throws Exception {
        JsonArray result = deployment
                .prometheus("query", Map.of("query", expression))
                .getJsonObject("data")
                .getJsonArray("result");
        return result.isEmpty()
                ? ""
                : result.getJsonObject(0).getJsonArray("value").getString(1);
    }

    private String ask(String service, String url) {
        try {
            return deployment.ask(service, url);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
