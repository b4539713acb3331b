package io.ferrymesh.benchmarks.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A key centre and two providers, a JVM each, started through the program's commands. Each stops when its standard input
 * ends, so none outlives this program, however it ends.
 */
final class Nodes implements AutoCloseable {

    private static final long STOP_SECONDS = 20;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final List<String> java;
    private final String cluster = "ferrymesh-benchmark-" + hex(4);
    private final List<Integer> ports;
    private final List<Process> processes = new ArrayList<>();

    /** A user of a provider: where its objects are, and what shows who it is. */
    record User(String name, Path data, String token) {

        static User of(String name, Path data) {
            return new User(name, data, hex(32));
        }
    }

    /** A provider that runs. */
    record RunningProvider(Process process, URI api) {}

    private Nodes(Path directory, List<String> java) throws IOException {
        this.directory = directory;
        this.java = java;
        this.ports = freePorts(3);
    }

    /** Prepares, and starts nothing yet. */
    static Nodes in(Path directory, Path jar, List<String> jvmOptions) throws IOException {
        List<String> java = new ArrayList<>();
        java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        java.addAll(jvmOptions);
        java.addAll(List.of("-jar", jar.toString()));
        return new Nodes(Files.createDirectories(directory), java);
    }

    /** The processes so far. */
    List<Process> processes() {
        return processes;
    }

    /** Starts a key centre that admits these providers; returns its fingerprint. */
    String startKgc(Map<String, String> admitted) throws IOException, InterruptedException {
        String keys = directory.resolve("kgc.p12").toString();
        String passphrase = file("kgc-passphrase", hex(16));
        StringBuilder lines = new StringBuilder();
        for (Map.Entry<String, String> provider : admitted.entrySet()) {
            lines.append(provider.getKey())
                    .append(' ')
                    .append(provider.getValue())
                    .append('\n');
        }
        String enrolment = file("kgc-enrolment", lines.toString());
        List<String> init = List.of("kgc", "init", "--key-file", keys, "--passphrase-file", passphrase);
        Tools.run(directory.resolve("kgc-init.log"), command(init));
        return start(
                        "kgc",
                        0,
                        List.of(
                                "kgc",
                                "run",
                                "--key-file",
                                keys,
                                "--passphrase-file",
                                passphrase,
                                "--enrolment-file",
                                enrolment))
                .ready()
                .required("fingerprint")
                .asText();
    }

    /** Starts a provider with users. */
    RunningProvider startProvider(String name, int member, String fingerprint, String enrolmentToken, List<User> users)
            throws IOException {
        List<String> line = new ArrayList<>(List.of("provider", "run", "--kgc-fingerprint", fingerprint));
        line.addAll(List.of("--enrolment-token-file", file(name + "-enrolment", enrolmentToken)));
        line.addAll(List.of("--http-port", "0"));
        for (User user : users) {
            String token = file(name + "-" + user.name() + "-token", user.token());
            String data = Files.createDirectories(user.data()).toString();
            line.addAll(List.of("--user", user.name(), "--user-token-file", token, "--user-data", data));
        }
        Started started = start(name, member, line);
        return new RunningProvider(
                started.process(), URI.create(started.ready().required("api").asText()));
    }

    private record Started(Process process, JsonNode ready) {}

    /** Starts a node and waits for the line that says it is ready. */
    private Started start(String name, int member, List<String> arguments) throws IOException {
        Path log = directory.resolve(name + ".log");
        List<String> line = new ArrayList<>(command(arguments));
        line.add("--stop-with-stdin");
        ProcessBuilder builder = new ProcessBuilder(line).redirectError(log.toFile());
        builder.environment().putAll(environment(member));
        Process process = builder.start();
        processes.add(process);
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String ready = out.readLine();
        while (ready != null && !ready.startsWith("{")) {
            ready = out.readLine(); // what a JVM says about its own options
        }
        if (ready == null) {
            throw new IOException("the node " + name + " did not start: " + Tools.tail(log));
        }
        return new Started(process, JSON.readTree(ready));
    }

    private List<String> command(List<String> arguments) {
        List<String> line = new ArrayList<>(java);
        line.addAll(arguments);
        return line;
    }

    private Map<String, String> environment(int member) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("FERRYMESH_CLUSTER_NAME", cluster);
        environment.put("FERRYMESH_CLUSTER_HOST", "127.0.0.1");
        environment.put("FERRYMESH_CLUSTER_PORT", String.valueOf(ports.get(member)));
        environment.put(
                "FERRYMESH_CLUSTER_MEMBERS",
                String.join(",", ports.stream().map(port -> "127.0.0.1:" + port).toList()));
        environment.put("FERRYMESH_LOG_LEVEL", "WARN");
        return environment;
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content).toString();
    }

    static String hex(int bytes) {
        byte[] drawn = new byte[bytes];
        RANDOM.nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }

    /** Held together until all are known, so that they differ. */
    private static List<Integer> freePorts(int count) throws IOException {
        List<Integer> found = new ArrayList<>();
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                held.add(socket);
                found.add(socket.getLocalPort());
            }
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        for (Process process : processes) {
            process.getOutputStream().close();
        }
        for (Process process : processes) {
            try {
                if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                    Process unused = process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                Process unused = process.destroyForcibly();
            }
        }
    }
}
