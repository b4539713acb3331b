package io.ferrymesh.it.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whether what the chart starts comes up: the program with exactly these command lines, variables and files, and with the chart's
 * ports. Each pod has an address of its own on loopback, which Linux alone has many of.
 */
@NeedsHelm
@EnabledOnOs(OS.LINUX)
class ChartRunIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NETWORK = "127." + ThreadLocalRandom.current().nextInt(1, 255) + "."
            + ThreadLocalRandom.current().nextInt(1, 255) + ".";
    private static final String CENTRE = NETWORK + "1";
    private static final String PROVIDER = NETWORK + "2";

    /** What DNS would say. */
    private static final Map<String, String> NAMES = Map.of(
            "kgc-members.old-cloud.svc.cluster.local", CENTRE,
            "kgc-ferrymesh-members.kgc.svc.cluster.local", CENTRE,
            "old-ferrymesh-members.old-cloud.svc.cluster.local", PROVIDER,
            "new-ferrymesh-members.new-cloud.svc.cluster.local", NETWORK + "3");

    @TempDir
    private Path directory;

    @Test
    void a_key_centre_and_a_provider_begin_answer_their_probes_and_stop_in_time() throws Exception {
        SelfSigned certificate = SelfSigned.make(directory, List.of(CENTRE, PROVIDER));
        HttpClient http = certificate.client();
        Chart kgc = Chart.example("kgc.yaml")
                .with("fullnameOverride", "kgc")
                .with("replicas", 1)
                .with("once[0]", "init")
                .with("database.secret", "")
                .with("database.caSecret", "")
                .with("keys.fileSecret", "")
                .with("kgc.backupClaim", "");
        try (LocalPod centre =
                new LocalPod(kgc, Files.createDirectory(directory.resolve("kgc")), CENTRE, ChartRunIT::resolved)) {
            PodProcess begin = centre.process(centre.rendered().containers().get(0), certificate);
            String fingerprint =
                    centre.run(begin, begin.arguments()).path("fingerprint").asText();
            PodProcess run = centre.process(centre.rendered().container(), certificate);
            Process running = centre.ready(run);
            answersItsProbes(centre, http);
            String token = enrolmentToken(centre, run, http);

            Chart small = Chart.example("first-start.yaml").with("provider.config.kgc.fingerprint", fingerprint);
            Path files = Files.createDirectory(directory.resolve("old"));
            try (LocalPod provider = new LocalPod(small, files, PROVIDER, ChartRunIT::resolved)) {
                PodProcess first =
                        provider.process(provider.rendered().containers().get(0), certificate);
                JsonNode unused = provider.run(first, first.arguments());
                PodProcess second = provider.process(provider.rendered().container(), certificate);
                Path unusedFile = Files.writeString(files.resolve("run/secrets/ferrymesh/enrolment-token"), token);
                Process process = provider.ready(second);
                answersItsProbes(provider, http);
                tellsWhatItIsScaledBy(http);
                stopsInTime(provider, process);
            }
            stopsInTime(centre, running);
        }
    }

    private static String resolved(String text) {
        String resolved = text;
        for (Map.Entry<String, String> name : NAMES.entrySet()) {
            resolved = resolved.replace(name.getKey(), name.getValue());
        }
        assertThat(resolved).doesNotContain("svc.cluster.local");
        return resolved;
    }

    private static void answersItsProbes(LocalPod pod, HttpClient http) throws Exception {
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            HttpResponse<String> answer = send(http, HttpRequest.newBuilder(pod.probe(probe)));
            assertThat(answer.statusCode()).as("%s: %s", probe, answer.body()).isEqualTo(200);
        }
    }

    /** As an operator does: added where the key file is, everything else over the API. */
    private static String enrolmentToken(LocalPod centre, PodProcess run, HttpClient http) throws Exception {
        List<String> add = new ArrayList<>(List.of("kgc", "operator", "add", "erin", "ENROLMENT"));
        run.arguments().stream()
                .filter(argument -> argument.matches("--(key-file|passphrase-file|database)=.*"))
                .forEach(add::add);
        String operator = centre.run(run, add).path("token").asText();
        String api = "https://" + CENTRE + ":8090/v1/providers";
        JsonNode provider = post(http, api, operator, "{\"name\":\"old-cloud\"}");
        return post(http, api + "/" + provider.path("number").asText() + "/tokens", operator, "{}")
                .path("token")
                .asText();
    }

    private static JsonNode post(HttpClient http, String to, String token, String body) throws Exception {
        HttpResponse<String> answer = send(
                http,
                HttpRequest.newBuilder(URI.create(to))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return JSON.readTree(answer.body());
    }

    private static void tellsWhatItIsScaledBy(HttpClient http) throws Exception {
        String metrics = send(http, HttpRequest.newBuilder(URI.create("http://" + PROVIDER + ":8081/metrics")))
                .body();
        JsonNode scaler = Chart.example("provider.yaml").render().one("HorizontalPodAutoscaler");
        for (JsonNode metric : Yaml.at(scaler, "spec/metrics")) {
            JsonNode wanted = Yaml.at(metric, "external/metric");
            assertThat(metrics)
                    .containsPattern("(?m)^" + wanted.path("name").asText() + "\\{[^}]*state=\""
                            + Yaml.at(wanted, "selector/matchLabels/state").asText() + "\"[^}]*} ");
        }
    }

    private static void stopsInTime(LocalPod pod, Process process) throws InterruptedException {
        JsonNode container = pod.rendered().container();
        long seconds = Yaml.at(pod.rendered().pod(), "spec/terminationGracePeriodSeconds")
                        .asLong()
                - Yaml.at(container, "lifecycle/preStop/sleep/seconds").asLong();
        process.destroy();
        assertThat(process.waitFor(seconds, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("ended by SIGTERM").isEqualTo(143);
    }

    private static HttpResponse<String> send(HttpClient http, HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
