package io.ferrymesh.cli;

import io.ferrymesh.kgc.operator.Role;
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
            JsonObject kgc = startKgc();
            String fingerprint = kgc.getString("fingerprint");
            Path oldToken = enrol(kgc.getString("api"), DemoPlan.OLD);
            Path newToken = enrol(kgc.getString("api"), DemoPlan.NEW);
            Starting old = startProvider(DemoProvider.source(plan), fingerprint, oldToken);
            Starting fresh = startProvider(DemoProvider.destination(plan), fingerprint, newToken);
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

    private JsonObject startKgc() throws IOException {
        Path passphrase = DemoPlan.secret(plan.work().resolve("kgc-passphrase"), plan.passphrase());
        String[] centre = {"--key-file", plan.keyFile().toString(), "--passphrase-file", passphrase.toString()};
        JsonObject unused = kgc("kgc-init", centre, "init").ready();
        unused = kgc(
                        "kgc-operator",
                        centre,
                        "operator",
                        "add",
                        DemoPlan.OPERATOR,
                        Role.ENROLMENT.name(),
                        "--out",
                        operatorToken().toString())
                .ready();
        return kgc("kgc", centre, "run", "--api-port", "0", "--stop-with-stdin").ready();
    }

    /** Takes a provider on over the API and returns the file with its enrolment token. */
    private Path enrol(String api, String provider) throws IOException {
        Path file = plan.work().resolve(provider + "-enrolment-token");
        String[] operator = {"--api", api, "--token-file", operatorToken().toString()};
        long number = kgc(provider + "-create", operator, "provider", "create", provider)
                .ready()
                .getLong("number");
        JsonObject unused = kgc(
                        provider + "-token",
                        operator,
                        "provider",
                        "token",
                        String.valueOf(number),
                        "--out",
                        file.toString())
                .ready();
        return file;
    }

    private Path operatorToken() {
        return plan.work().resolve("kgc-operator-token");
    }

    private Starting kgc(String name, String[] options, String... command) throws IOException {
        List<String> line = new ArrayList<>(List.of("kgc"));
        line.addAll(List.of(command));
        line.addAll(List.of(options));
        return run(name, DemoPlan.KGC, line.toArray(String[]::new));
    }

    private Starting startProvider(DemoProvider provider, String fingerprint, Path enrolment) throws IOException {
        String config = provider.configure(plan, fingerprint).toString();
        JsonObject unused = run(provider.name() + "-init", provider.member(), "provider", "init", "--config", config)
                .ready();
        return run(
                provider.name(),
                provider.member(),
                "provider",
                "run",
                "--config",
                config,
                "--enrolment-token-file",
                enrolment.toString(),
                "--stop-with-stdin");
    }

    /** Starts a node. */
    private Starting run(String name, int member, String... arguments) throws IOException {
        Path log = plan.work().resolve(name + ".log");
        List<String> command = new ArrayList<>(JvmCommand.of(heap));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().keySet().removeIf(variable -> variable.startsWith("FERRYMESH_"));
        builder.environment().putAll(plan.environment(member));
        builder.environment().put("FERRYMESH_LOG_LEVEL", "INFO");
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
