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

    /** A key centre that runs, and the files with its providers' enrolment tokens. */
    record KeyCentre(String fingerprint, Map<String, Path> tokens) {}

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

    /** Sets a key centre up with these providers and starts it. */
    KeyCentre startKgc(List<String> providers) throws IOException, InterruptedException {
        String keys = directory.resolve("kgc.p12").toString();
        List<String> centre = List.of("--key-file", keys, "--passphrase-file", file("kgc-passphrase", hex(16)));
        JsonNode unused = kgc("kgc-init", centre, List.of("init"));
        String operator = directory.resolve("kgc-operator").toString();
        unused = kgc("kgc-operator", centre, List.of("operator", "add", "benchmark", "ENROLMENT", "--out", operator));
        List<String> authorized = new ArrayList<>(centre);
        authorized.addAll(List.of("--token-file", operator));
        Map<String, Path> tokens = new LinkedHashMap<>();
        for (String provider : providers) {
            Path token = directory.resolve(provider + "-enrolment");
            String number = kgc(provider + "-create", authorized, List.of("provider", "create", provider))
                    .required("number")
                    .asText();
            unused = kgc(
                    provider + "-token", authorized, List.of("provider", "token", number, "--out", token.toString()));
            tokens.put(provider, token);
        }
        List<String> line = new ArrayList<>(List.of("kgc", "run", "--api-port", "0"));
        line.addAll(centre);
        String fingerprint =
                start("kgc", 0, line).ready().required("fingerprint").asText();
        return new KeyCentre(fingerprint, tokens);
    }

    /** Runs a command of the key centre and returns what it printed. */
    private JsonNode kgc(String name, List<String> options, List<String> command)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("kgc"));
        line.addAll(command);
        line.addAll(options);
        Path out = directory.resolve(name + ".out");
        Tools.start(out, directory.resolve(name + ".log"), command(line)).await();
        String printed = Files.readAllLines(out).stream()
                .filter(each -> each.startsWith("{"))
                .findFirst()
                .orElseThrow(() -> new IOException("kgc said nothing: " + line));
        return JSON.readTree(printed);
    }

    /** Starts a provider with users. */
    RunningProvider startProvider(String name, int member, KeyCentre centre, List<User> users) throws IOException {
        List<String> line = new ArrayList<>(List.of("provider", "run", "--kgc-fingerprint", centre.fingerprint()));
        line.addAll(
                List.of("--enrolment-token-file", String.valueOf(centre.tokens().get(name))));
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
