package io.ferrymesh.benchmarks.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
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
import org.jspecify.annotations.Nullable;

/**
 * A key centre and providers, a JVM each, started through the program's commands. Each stops when its standard input
 * ends, so none outlives this program, however it ends.
 */
public final class Nodes implements AutoCloseable {

    private static final long STOP_SECONDS = 20;
    private static final int MOST_USERS = 1_000;
    private static final int MEMBERS = 3;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final List<String> java;
    private final String cluster = "ferrymesh-benchmark-" + hex(4);
    private final List<Integer> ports;
    private final List<Process> processes = new ArrayList<>();

    /** A process of a provider that runs, and the password of all its users. */
    public record RunningProvider(Process process, URI api, URI management, String password) {

        @Override
        public String toString() {
            return "RunningProvider[" + api + ", ***]";
        }
    }

    /**
     * Where a provider's objects are: of one user, as they are, or of several, in a directory by each one's number.
     *
     * @param users empty where they register themselves
     */
    public record Objects(Path root, List<String> users) {}

    /** What a provider is, beside the usual: lines of its configuration file. */
    public record Extra(String yaml) {
        static final Extra NONE = new Extra("");

        /** Direct connections on loopback. */
        public static final Extra DIRECT = new Extra("direct: {listen: '127.0.0.1:0'}\n");
    }

    private Nodes(Path directory, List<String> java, int members) throws IOException {
        this.directory = directory;
        this.java = java;
        this.ports = freePorts(members);
    }

    /** Prepares for a key centre and two providers, and starts nothing yet. */
    public static Nodes in(Path directory, Path jar, List<String> jvmOptions) throws IOException {
        return in(directory, jar, jvmOptions, MEMBERS);
    }

    /** Prepares for so many processes in all, and starts nothing yet. */
    public static Nodes in(Path directory, Path jar, List<String> jvmOptions, int members) throws IOException {
        List<String> java = new ArrayList<>();
        java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        java.addAll(jvmOptions);
        java.addAll(List.of("-jar", jar.toString()));
        return new Nodes(Files.createDirectories(directory), java, members);
    }

    /** The one given, or the one built beside this program. */
    public static Path ferrymeshJar(@Nullable Path given) throws IOException {
        Path found = given == null ? built() : given;
        if (!Files.isRegularFile(found)) {
            throw new IOException("there is no " + found + "; build it, or say where it is with --jar");
        }
        return found.toAbsolutePath();
    }

    private static Path built() throws IOException {
        try {
            URI own = Nodes.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            return Path.of(own).resolveSibling("../../cli/target/ferrymesh.jar").normalize();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    /** What the cluster is called. */
    public String cluster() {
        return cluster;
    }

    /** The port of each member, of which the first is the key centre's. */
    public List<Integer> ports() {
        return List.copyOf(ports);
    }

    /** The processes so far. */
    List<Process> processes() {
        return processes;
    }

    /**
     * Begins a key centre on SQLite and starts its node; its operators' tokens stay in this program.
     *
     * @param options of {@code kgc run}
     */
    public KeyCentre startKgc(List<String> options) throws IOException, InterruptedException {
        List<String> keys = List.of(
                "--database",
                "sqlite:" + directory.resolve("registry.db").toAbsolutePath(),
                "--key-file",
                directory.resolve("kgc.p12").toString(),
                "--passphrase-file",
                file("kgc-passphrase", hex(16)));
        kgc("init", List.of("kgc", "init"), keys);
        Path token = directory.resolve("kgc-enrolment-operator");
        kgc("operator", List.of("kgc", "operator", "add", "benchmark", "ENROLMENT", "--out", token.toString()), keys);
        List<String> run = new ArrayList<>(List.of("kgc", "run", "--api-port", "0"));
        run.addAll(keys);
        run.addAll(options);
        Started started = start("kgc", 0, run);
        return new KeyCentre(
                started.process(),
                started.ready().required("fingerprint").asText(),
                URI.create(started.ready().required("api").asText()),
                Files.readString(token).strip());
    }

    private void kgc(String log, List<String> command, List<String> keys) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(command);
        line.addAll(keys);
        Tools.run(directory.resolve("kgc-" + log + ".log"), command(line));
    }

    /** Starts a provider; its users are there, numbered from 1 in their order. */
    public RunningProvider startProvider(
            String name, int member, String fingerprint, String enrolmentToken, Objects objects)
            throws IOException, InterruptedException {
        return startProvider(name, member, fingerprint, enrolmentToken, objects, Extra.NONE);
    }

    /** The same with more in its configuration. */
    public RunningProvider startProvider(
            String name, int member, String fingerprint, String enrolmentToken, Objects objects, Extra extra)
            throws IOException, InterruptedException {
        boolean alone = objects.users().size() == 1;
        String yaml =
                """
                http: {port: 0}
                management: {port: 0}
                database: {url: 'sqlite:%s'}
                keys: {file: '%s', passphraseFile: '%s'}
                kgc: {fingerprint: '%s'}
                accounts: {max: %d, quotaBytes: 1152921504606846976}
                store: {type: directory, userPrefix: '%s', directory: {root: '%s'}}
                """
                                .formatted(
                                        directory.resolve(name + ".db").toAbsolutePath(),
                                        directory.resolve(name + ".p12"),
                                        file(name + "-passphrase", hex(16)),
                                        fingerprint,
                                        objects.users().isEmpty()
                                                ? MOST_USERS
                                                : objects.users().size(),
                                        alone ? "" : "{account}/",
                                        Files.createDirectories(objects.root()))
                        + extra.yaml();
        String config = file(name + ".yaml", yaml);
        String password = hex(16);
        String passwordFile = file(name + "-password", password);
        provider(name, List.of("init", "--config", config));
        if (!objects.users().isEmpty()) {
            List<String> create = new ArrayList<>(List.of("account", "create"));
            create.addAll(objects.users());
            create.addAll(List.of("--config", config, "--password-file", passwordFile));
            provider(name, create);
        }
        String token = file(name + "-enrolment", enrolmentToken);
        return running(
                start(name, member, List.of("provider", "run", "--config", config, "--enrolment-token-file", token)),
                password);
    }

    /** Starts one more process of a provider. */
    public RunningProvider startAnother(String name, int member, RunningProvider first) throws IOException {
        String config = directory.resolve(name + ".yaml").toString();
        return running(
                start(name + "-" + member, member, List.of("provider", "run", "--config", config)), first.password());
    }

    private static RunningProvider running(Started started, String password) {
        return new RunningProvider(
                started.process(),
                URI.create(started.ready().required("api").asText()),
                URI.create(started.ready().required("management").asText()),
                password);
    }

    private void provider(String name, List<String> words) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("provider"));
        line.addAll(words);
        Tools.run(directory.resolve(name + "-setup.log"), command(line));
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

    /** So many random bytes. */
    public static String hex(int bytes) {
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
