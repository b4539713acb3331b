package io.ferrymesh.it.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** What a pod of a release would be, as processes of the packaged program at an address of its own on loopback. */
final class LocalPod implements AutoCloseable {

    private static final long GENEROUS_S = 120;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Rendered rendered;
    private final Path root;
    private final String address;
    private final UnaryOperator<String> names;
    private final List<Process> started = new ArrayList<>();

    /**
     * @param root its files
     * @param names puts addresses in the place of names, which nobody here knows
     */
    LocalPod(Chart chart, Path root, String address, UnaryOperator<String> names) {
        this.rendered = chart.with("api.host", address).render();
        this.root = root;
        this.address = address;
        this.names = names;
    }

    Rendered rendered() {
        return rendered;
    }

    String address() {
        return address;
    }

    /** Puts a file into the place of one that was mounted. */
    private void mount(Path file, String at) throws IOException {
        Path unused = Files.copy(file, root.resolve(at), StandardCopyOption.REPLACE_EXISTING);
    }

    /** A container's program with its files, of which the certificate is a real one. */
    PodProcess process(JsonNode container, SelfSigned certificate) throws IOException {
        PodProcess process = PodProcess.of(rendered, container, root)
                .with(text -> names.apply(text.replace(PodProcess.ADDRESS, address)));
        mount(certificate.certificate(), "run/secrets/tls/tls.crt");
        mount(certificate.key(), "run/secrets/tls/tls.key");
        return process;
    }

    /** Runs a command to its end and returns the line of JSON that it prints. */
    JsonNode run(PodProcess process, List<String> arguments) throws Exception {
        Process command = start(process, arguments);
        JsonNode said = line(command);
        assertThat(command.waitFor(GENEROUS_S, TimeUnit.SECONDS)).isTrue();
        assertThat(command.exitValue()).isZero();
        return said;
    }

    /** Starts the program and waits until it says that it is ready. */
    Process ready(PodProcess process) throws Exception {
        Process program = start(process, process.arguments());
        assertThat(line(program).has("ready")).isTrue();
        return program;
    }

    private Process start(PodProcess process, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-Xlog:disable",
                "-jar",
                System.getProperty("ferrymesh.jar", "")));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log().toFile());
        builder.environment().keySet().removeIf(key -> key.startsWith("FERRYMESH_"));
        builder.environment().putAll(process.environment());
        Process program = builder.start();
        started.add(program);
        return program;
    }

    private Path log() {
        return root.resolve("log-" + started.size());
    }

    private JsonNode line(Process program) throws IOException {
        BufferedReader out = program.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        if (line == null) {
            throw new AssertionError("ended: " + Files.readString(root.resolve("log-" + (started.size() - 1))));
        }
        return JSON.readTree(line);
    }

    /** Where a probe asks. */
    URI probe(String probe) {
        JsonNode get = Yaml.at(rendered.container(), probe + "/httpGet");
        int port = Yaml.each(rendered.container().path("ports"))
                .filter(each -> each.path("name").equals(get.path("port")))
                .findFirst()
                .orElseThrow()
                .path("containerPort")
                .asInt();
        String scheme = get.path("scheme").asText("HTTP").toLowerCase(Locale.ROOT);
        return URI.create(
                scheme + "://" + address + ":" + port + get.path("path").asText());
    }

    @Override
    public void close() {
        started.forEach(Process::destroyForcibly);
    }
}
