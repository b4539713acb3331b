package io.ferrymesh.it.helm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.ferrymesh.cli.Ferrymesh;
import io.ferrymesh.mesh.BusTls;
import io.ferrymesh.mesh.MeshOptions;
import io.ferrymesh.provider.config.ConfigException;
import io.ferrymesh.provider.config.Configuration;
import io.ferrymesh.provider.config.ProviderConfig;
import io.ferrymesh.provider.config.StoreConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Whether what runs in a pod is what this program understands, and may do no more than it needs. */
@NeedsHelm
class ChartPodTest {

    private static final Path DOCS = Path.of("..", "docs");

    @TempDir
    private Path root;

    static List<Chart> variants() {
        return ChartTest.variants();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void the_program_understands_its_command_line_and_its_environment(Chart chart) throws Exception {
        Rendered rendered = chart.render();
        for (JsonNode container : rendered.containers()) {
            PodProcess process = PodProcess.of(rendered, container, Files.createTempDirectory(root, "pod"));
            CommandLine program = new CommandLine(Ferrymesh.class);
            assertThat(program.parseArgs(process.arguments().toArray(String[]::new))
                            .errors())
                    .isEmpty();
            assertThat(process.files()).isNotEmpty().allSatisfy(file -> assertThat(file)
                    .exists());
            MeshOptions cluster = MeshOptions.fromEnvironment(process.environment());
            assertThat(cluster.host()).isEqualTo(PodProcess.ADDRESS);
            assertThat(cluster.clusterPort()).hasValue(5701);
            assertThat(cluster.eventBusPort()).isEqualTo(15701);
            if (process.arguments().get(0).equals("provider")) {
                assertThat(provider(process).cluster().dns()).isEqualTo(cluster.dns());
                assertThat(provider(process).cluster().eventBusTls()).isEqualTo(cluster.eventBusTls());
            }
        }
    }

    /** The program reads them, and refuses what does not fit. */
    @ParameterizedTest
    @ValueSource(strings = {"kgc.yaml", "provider.yaml"})
    void members_prove_themselves_when_there_is_a_secret_for_it(String example) throws Exception {
        Rendered plain = Chart.example(example).render();
        assertThat(MeshOptions.fromEnvironment(
                                PodProcess.of(plain, plain.container(), Files.createTempDirectory(root, "pod"))
                                        .environment())
                        .eventBusTls())
                .isEmpty();
        Rendered rendered =
                Chart.example(example).with("cluster.tls.secret", "member").render();
        Path pod = Files.createTempDirectory(root, "pod");
        BusTls tls = MeshOptions.fromEnvironment(
                        PodProcess.of(rendered, rendered.container(), pod).environment())
                .eventBusTls()
                .orElseThrow();
        Path secrets = pod.resolve("run/secrets/ferrymesh");
        assertThat(tls.certificate()).isEqualTo(secrets.resolve("eventbus-tls.crt"));
        assertThat(tls.key()).isEqualTo(secrets.resolve("eventbus-tls.key"));
        assertThat(tls.authorities()).isEqualTo(secrets.resolve("eventbus-ca.crt"));
        assertThat(rendered.pod().toString()).contains("\"name\":\"member\"");
    }

    private static ProviderConfig provider(PodProcess process) throws ConfigException {
        Optional<Path> file = process.option("--config").map(Path::of);
        assertThat(file).isPresent();
        return Configuration.read(file, process.environment()).provider();
    }

    @Test
    void what_the_program_does_not_understand_is_noticed() throws Exception {
        Rendered misspelt = Chart.example("provider.yaml")
                .with("provider.config.limits.maxRuning", 8)
                .render();
        PodProcess process = PodProcess.of(misspelt, misspelt.container(), root);
        assertThatThrownBy(() -> provider(process)).hasMessageContaining("there is no key limits.maxRuning");
        Rendered centre =
                Chart.example("kgc.yaml").with("kgc.options.max-provider", 8).render();
        List<String> arguments = PodProcess.of(centre, centre.container(), root).arguments();
        assertThatThrownBy(() -> new CommandLine(Ferrymesh.class).parseArgs(arguments.toArray(String[]::new)))
                .hasMessageContaining("--max-provider");
    }

    @Test
    void a_provider_is_configured_as_its_values_say() throws Exception {
        Rendered rendered = Chart.example("provider.yaml").render();
        ProviderConfig provider = provider(PodProcess.of(rendered, rendered.container(), root));
        assertThat(provider.store().place()).isInstanceOf(StoreConfig.S3.class);
        assertThat(((StoreConfig.S3) provider.store().place()).accessKey())
                .contains(new StoreConfig.AccessKey("AKIAEXAMPLE", "of-the-store"));
        assertThat(provider.http().tls()).isPresent();
        assertThat(provider.database().toString()).contains("db.example.org");
        assertThat(provider.cluster().direct().listen().orElseThrow().host()).isEqualTo(PodProcess.ADDRESS);
        assertThat(provider.cluster().dns())
                .containsExactly(
                        Chart.NAME + "-members." + Chart.NAMESPACE + ".svc.cluster.local",
                        "kgc-ferrymesh-members.kgc.svc.cluster.local",
                        "new-ferrymesh-members.new-cloud.svc.cluster.local");
        assertThat(rendered.named("Service", Chart.NAME + "-members")
                        .at("/spec/clusterIP")
                        .asText())
                .isEqualTo("None");
    }

    @ParameterizedTest
    @MethodSource("variants")
    void every_variable_is_documented(Chart chart) throws IOException {
        String documented = Files.readString(DOCS.resolve("configuration.md"));
        Rendered rendered = chart.render();
        for (JsonNode container : rendered.containers()) {
            for (JsonNode variable : Yaml.at(container, "env")) {
                String name = Yaml.at(variable, "name").asText();
                if (name.startsWith("FERRYMESH_")) {
                    assertThat(documented).contains("`" + name + "`");
                } else if (!name.equals("JDK_JAVA_OPTIONS")) {
                    assertThat(container.toString()).as("used").contains("$(" + name + ")");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void secrets_come_from_secrets_only(Chart chart) {
        Rendered rendered = chart.render();
        assertThat(rendered.all("Secret")).isEmpty();
        for (JsonNode container : rendered.containers()) {
            for (JsonNode variable : Yaml.at(container, "env")) {
                String name = Yaml.at(variable, "name").asText();
                if (name.matches(".*(PASSWORD|PASSPHRASE|SECRET|TOKEN|ACCESS_KEY)")) {
                    assertThat(variable.at("/valueFrom/secretKeyRef/name").asText())
                            .as(name)
                            .isNotEmpty();
                } else if (name.matches(".*(PASSWORD|PASSPHRASE|SECRET|TOKEN|SECRET_KEY)_FILE")) {
                    assertThat(variable.path("value").asText()).startsWith("/run/secrets/ferrymesh/");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void nobody_is_root_or_may_become_it(Chart chart) {
        Rendered rendered = chart.render();
        JsonNode pod = Yaml.at(rendered.pod(), "spec");
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/runAsUser").asInt()).isEqualTo(10_001);
        assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        rendered.all("ServiceAccount").forEach(account -> assertThat(
                        account.path("automountServiceAccountToken").asBoolean(true))
                .isFalse());
        for (String shared : List.of("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace")) {
            assertThat(pod.has(shared)).as(shared).isFalse();
        }
        for (JsonNode container : rendered.containers()) {
            JsonNode security = Yaml.at(container, "securityContext");
            assertThat(security.path("allowPrivilegeEscalation").asBoolean(true))
                    .isFalse();
            assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
            assertThat(security.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
            assertThat(security.at("/capabilities").has("add")).isFalse();
            assertThat(security.has("privileged")).isFalse();
            assertThat(security.has("runAsUser")).isFalse();
            assertThat(container.at("/resources/limits/memory").asText()).isNotEmpty();
            assertThat(container.at("/resources/requests/memory")).isEqualTo(container.at("/resources/limits/memory"));
        }
        assertThat(pod.path("volumes").toString()).doesNotContain("hostPath");
    }

    /** A Service's name in the environment looks like a variable of a provider's, which is refused then. */
    @ParameterizedTest
    @MethodSource("variants")
    void services_are_not_in_the_environment(Chart chart) {
        assertThat(chart.render().pod().at("/spec/enableServiceLinks").asBoolean(true))
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void every_mount_has_a_volume_and_every_volume_a_mount(Chart chart) {
        Rendered rendered = chart.render();
        List<String> volumes = Stream.concat(
                        Yaml.each(rendered.pod().at("/spec/volumes")).map(volume -> volume.path("name")),
                        Yaml.each(rendered.one("StatefulSet").at("/spec/volumeClaimTemplates"))
                                .map(claim -> claim.at("/metadata/name")))
                .map(JsonNode::asText)
                .toList();
        for (JsonNode container : rendered.containers()) {
            assertThat(Yaml.each(container.path("volumeMounts"))
                            .map(mount -> mount.path("name").asText()))
                    .containsExactlyInAnyOrderElementsOf(volumes);
            assertThat(Yaml.each(container.path("volumeMounts"))
                            .map(mount -> mount.path("mountPath").asText()))
                    .contains("/tmp")
                    .doesNotHaveDuplicates();
        }
        JsonNode temporary = Yaml.each(rendered.pod().at("/spec/volumes"))
                .filter(volume -> volume.path("name").asText().equals("tmp"))
                .findFirst()
                .orElseThrow();
        assertThat(temporary.at("/emptyDir/medium").asText()).isEqualTo("Memory");
    }

    @ParameterizedTest
    @MethodSource("variants")
    void probes_ask_for_what_is_there_at_ports_that_are_declared(Chart chart) throws IOException {
        Rendered rendered = chart.render();
        JsonNode container = rendered.container();
        List<String> ports = Yaml.each(container.path("ports"))
                .map(port -> port.path("name").asText())
                .toList();
        boolean provider = container.path("name").asText().equals("provider");
        String operations = Files.readString(DOCS.resolve("operations.md"));
        JsonNode paths = Yaml.documents(resource("/io/ferrymesh/kgc/api/openapi.json"))
                .get(0)
                .path("paths");
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            JsonNode get = Yaml.at(container, probe + "/httpGet");
            String path = get.path("path").asText();
            assertThat(ports).contains(get.path("port").asText());
            if (provider) {
                assertThat(operations).contains("`GET " + path + "`");
            } else {
                assertThat(paths.has(path)).as(path).isTrue();
            }
            assertThat(get.path("scheme").asText()).isEqualTo(provider ? "" : "HTTPS");
        }
        // Neither a database nor a key centre that is away comes back when the process is restarted.
        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isNotIn("/readyz", "/health");
    }

    @Test
    void there_is_time_to_start_and_to_stop() throws Exception {
        Chart chart = Chart.example("provider.yaml");
        assertThat(startSeconds(chart.render())).isGreaterThanOrEqualTo(60 + 60 + 60);
        Rendered slow = chart.with("provider.config.kgc.startWaitSeconds", 240)
                .with("shutdown.graceSeconds", 120)
                .with("shutdown.delaySeconds", 10)
                .render();
        assertThat(startSeconds(slow)).isGreaterThanOrEqualTo(240 + 240 + 60);
        ProviderConfig provider = provider(PodProcess.of(slow, slow.container(), root));
        long longest = provider.http().grace().toSeconds() + 26;
        assertThat(longest).isEqualTo(146);
        assertThat(slow.pod().at("/spec/terminationGracePeriodSeconds").asLong())
                .isGreaterThan(longest + 10)
                .isLessThan(longest + 30);
        assertThat(slow.container().at("/lifecycle/preStop/sleep/seconds").asInt())
                .isEqualTo(10);
    }

    private static int startSeconds(Rendered rendered) {
        JsonNode probe = Yaml.at(rendered.container(), "startupProbe");
        return probe.path("periodSeconds").asInt()
                * probe.path("failureThreshold").asInt();
    }

    @Test
    void a_changed_configuration_makes_new_pods() {
        Chart chart = Chart.example("provider.yaml");
        assertThat(hash(chart))
                .isEqualTo(hash(chart))
                .isNotEqualTo(hash(chart.with("provider.config.limits.maxRunning", 8)));
    }

    private static String hash(Chart chart) {
        return Yaml.at(chart.render().pod(), "metadata/annotations/ferrymesh.io~1config")
                .asText();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = requireNonNull(Ferrymesh.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
