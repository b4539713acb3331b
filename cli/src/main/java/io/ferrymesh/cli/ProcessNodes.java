package io.ferrymesh.cli;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The demo's nodes as JVMs of their own, started through the same commands an operator uses. Each stops when its standard
 * input ends, so none outlives this process, however it ends.
 */
final class ProcessNodes implements DemoNodes {

    private static final long STOP_SECONDS = 20;

    private final DemoPlan plan;
    private final String heap;
    private final List<Process> processes = new ArrayList<>();
    private final URI source;
    private final URI destination;

    private ProcessNodes(DemoPlan plan, String heap) throws IOException {
        this.plan = plan;
        this.heap = heap;
        try {
            String fingerprint = startKgc();
            Starting old =
                    startProvider("old-cloud", DemoPlan.SOURCE, fingerprint, plan.sourceEnrolment(), plan.from());
            Starting fresh = startProvider(
                    "new-cloud", DemoPlan.DESTINATION, fingerprint, plan.destinationEnrolment(), plan.to());
            source = URI.create(old.ready().getString("api"));
            destination = URI.create(fresh.ready().getString("api"));
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    static ProcessNodes start(DemoPlan plan, String heap) throws IOException {
        return new ProcessNodes(plan, heap);
    }

    @Override
    public URI source() {
        return source;
    }

    @Override
    public URI destination() {
        return destination;
    }

    @Override
    public void close() {
        for (int i = processes.size() - 1; i >= 0; i--) {
            Process process = processes.get(i);
            try {
                process.getOutputStream().close();
                if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (IOException | InterruptedException e) {
                process.destroyForcibly();
            }
        }
    }

    private String startKgc() throws IOException {
        Path passphrase = DemoPlan.secret(plan.work().resolve("kgc-passphrase"), plan.passphrase());
        Path enrolment = plan.work().resolve("kgc-enrolment");
        Files.writeString(
                enrolment,
                EnrolmentFile.line("old-cloud", plan.sourceEnrolment())
                        + EnrolmentFile.line("new-cloud", plan.destinationEnrolment()));
        String keyFile = plan.keyFile().toString();
        JsonObject unused = run(
                        "kgc-init",
                        DemoPlan.KGC,
                        "kgc",
                        "init",
                        "--key-file",
                        keyFile,
                        "--passphrase-file",
                        passphrase.toString())
                .ready();
        return run(
                        "kgc",
                        DemoPlan.KGC,
                        "kgc",
                        "run",
                        "--key-file",
                        keyFile,
                        "--passphrase-file",
                        passphrase.toString(),
                        "--enrolment-file",
                        enrolment.toString(),
                        "--stop-with-stdin")
                .ready()
                .getString("fingerprint");
    }

    private Starting startProvider(String name, int member, String fingerprint, String enrolment, Path data)
            throws IOException {
        String token = member == DemoPlan.SOURCE ? plan.sourceToken() : plan.destinationToken();
        Path enrolmentFile = DemoPlan.secret(plan.work().resolve(name + "-enrolment-token"), enrolment);
        Path tokenFile = DemoPlan.secret(plan.work().resolve(name + "-user-token"), token);
        return run(
                name,
                member,
                "provider",
                "run",
                "--kgc-fingerprint",
                fingerprint,
                "--enrolment-token-file",
                enrolmentFile.toString(),
                "--user",
                DemoPlan.USER,
                "--user-token-file",
                tokenFile.toString(),
                "--user-data",
                data.toString(),
                "--http-port",
                "0",
                "--stop-with-stdin");
    }

    /** Starts a node. */
    private Starting run(String name, int member, String... arguments) throws IOException {
        Path log = plan.work().resolve(name + ".log");
        List<String> command = new ArrayList<>(JvmCommand.of(heap));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().keySet().removeIf(variable -> variable.startsWith("FERRYMESH_"));
        builder.environment().putAll(environment(member));
        Process process = builder.start();
        processes.add(process);
        return new Starting(name, log, process.inputReader(StandardCharsets.UTF_8));
    }

    /** A node that has been started. */
    private record Starting(String name, Path log, BufferedReader out) {

        /** Waits for the line that says it is ready. */
        JsonObject ready() throws IOException {
            String line = out.readLine();
            if (line == null || !line.startsWith("{")) {
                throw new IOException("the node " + name + " did not start; its log says: " + lastLine(log));
            }
            return new JsonObject(line);
        }
    }

    private Map<String, String> environment(int member) {
        return Map.of(
                "FERRYMESH_CLUSTER_NAME", plan.clusterName(),
                "FERRYMESH_CLUSTER_HOST", "127.0.0.1",
                "FERRYMESH_CLUSTER_PORT", String.valueOf(plan.ports().get(member)),
                "FERRYMESH_CLUSTER_MEMBERS", String.join(",", plan.members()),
                "FERRYMESH_LOG_LEVEL", "INFO");
    }

    private static String lastLine(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
        return lines.isEmpty() ? "nothing" : lines.get(lines.size() - 1);
    }

    /** How this very program is started once more. */
    private static final class JvmCommand {

        static List<String> of(String heap) throws IOException {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.add("-Xmx" + heap);
            command.addAll(ClusterJvm.FLAGS);
            command.add("-cp");
            command.add(classPath());
            command.add(Ferrymesh.class.getName());
            return command;
        }

        private static String classPath() throws IOException {
            try {
                Path own = Path.of(Ferrymesh.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI());
                return own.toString().endsWith(".jar")
                                && !own.getFileName().toString().startsWith("ferrymesh-")
                        ? own.toString()
                        : absolute(System.getProperty("java.class.path"));
            } catch (URISyntaxException e) {
                throw new IOException("where this program is cannot be told", e);
            }
        }

        private static String absolute(String classPath) {
            List<String> entries = new ArrayList<>();
            for (String entry : classPath.split(File.pathSeparator, -1)) {
                entries.add(Path.of(entry).toAbsolutePath().toString());
            }
            return String.join(File.pathSeparator, entries);
        }
    }
}
