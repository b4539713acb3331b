package io.ferrymesh.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.ferrymesh.database.Database;
import io.ferrymesh.database.DatabaseOptions;
import io.ferrymesh.kgc.Kgc;
import io.ferrymesh.kgc.KgcRuntime;
import io.ferrymesh.kgc.keys.KgcKeyFile;
import io.ferrymesh.kgc.keys.KgcKeyring;
import io.ferrymesh.kgc.operator.Backups;
import io.ferrymesh.kgc.operator.Role;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A key centre on SQLite whose node is the packaged program and can be killed and started again. */
final class CrashingCentre implements AutoCloseable {

    private static final String PASSPHRASE = "a passphrase nobody guesses 4711";

    /** The second compiler for the hottest methods only, without which the key file's key derivation takes most of the time. */
    private static final List<String> QUICK_TO_START = List.of(
            "-XX:+UseSerialGC",
            "-Xmx256m",
            // The JVM warns on standard output, where the node says that it is ready: JDK 25 of classes not archived.
            "-Xlog:disable",
            "-XX:Tier4InvocationThreshold=50000",
            "-XX:Tier4MinInvocationThreshold=20000",
            "-XX:Tier4CompileThreshold=50000");

    private final Path directory;
    private final String cluster;
    private final int port;
    private final String members;
    private final Path keyFile;
    private final Path passphraseFile;
    private final Map<Role, String> tokens = new EnumMap<>(Role.class);
    private final List<Process> started = new ArrayList<>();
    private List<String> classArchive = List.of();

    final DatabaseOptions database;
    final KgcKeyring keyring;

    /** A node that said it was ready, or did not before it ended. */
    record Running(Process process, JsonObject ready) {

        /** As a power cut would. */
        void kill() throws InterruptedException {
            process.destroyForcibly();
            int unused = process.waitFor();
        }
    }

    CrashingCentre(Path directory, String cluster, List<Integer> ports) throws Exception {
        this.directory = directory;
        this.cluster = cluster;
        this.port = ports.get(0);
        this.members = "127.0.0.1:" + ports.get(0) + ",127.0.0.1:" + ports.get(1);
        this.keyFile = directory.resolve("kgc.p12");
        this.passphraseFile = Files.writeString(directory.resolve("passphrase"), PASSPHRASE + "\n");
        this.database = new DatabaseOptions.Sqlite(directory.resolve("registry.db"));
        this.keyring = KgcKeyFile.create(keyFile, PASSPHRASE.toCharArray(), new SecureRandom());
        KgcRuntime runtime = new KgcRuntime(Clock.systemUTC(), new SecureRandom(), new SimpleMeterRegistry());
        try (Database empty = Database.open(database, Kgc.MIGRATIONS)) {
            Kgc.init(keyring, empty, runtime);
            try (Kgc kgc = Kgc.openLocally(keyring, empty, Backups.none(), runtime)) {
                for (Role role : List.of(Role.ENROLMENT, Role.REVOCATION, Role.ADMIN)) {
                    tokens.put(role, kgc.operators().add(role.name(), role).token());
                }
            }
        }
    }

    /** The cluster as it is packaged, but joined without waiting for others, which are there. */
    static Path clusterXml(Path directory) throws IOException {
        String wait = "wait.seconds.before.join\">";
        String packaged;
        try (InputStream in =
                Objects.requireNonNull(CrashingCentre.class.getResourceAsStream("/io/ferrymesh/mesh/cluster.xml"))) {
            packaged = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(packaged).contains(wait + "1<");
        return Files.writeString(directory.resolve("cluster.xml"), packaged.replace(wait + "1<", wait + "0<"));
    }

    /** Runs it once and has the JVM write down what classes it loads, so that it starts in half the time from then on. */
    void warmUp() throws Exception {
        Path archive = directory.resolve("classes.jsa");
        Running once = await(start(List.of("-XX:ArchiveClassesAtExit=" + archive)));
        once.process().getOutputStream().close();
        if (once.process().waitFor(2, TimeUnit.MINUTES) && Files.exists(archive)) {
            classArchive = List.of("-XX:SharedArchiveFile=" + archive);
        }
    }

    Process start() throws IOException {
        return start(classArchive);
    }

    private Process start(List<String> more) throws IOException {
        List<String> jvm = new ArrayList<>(QUICK_TO_START);
        jvm.addAll(more);
        Process process = Program.in(directory)
                .jvm(jvm)
                .with("FERRYMESH_CLUSTER_XML", directory.resolve("cluster.xml").toString())
                .with("FERRYMESH_CLUSTER_NAME", cluster)
                .with("FERRYMESH_CLUSTER_HOST", "127.0.0.1")
                .with("FERRYMESH_CLUSTER_PORT", String.valueOf(port))
                .with("FERRYMESH_CLUSTER_MEMBERS", members)
                .with("FERRYMESH_LOG_LEVEL", "WARN")
                .start(
                        directory.resolve("node-" + started.size() + ".log"),
                        "kgc",
                        "run",
                        "--database",
                        database.toString(),
                        "--key-file",
                        keyFile.toString(),
                        "--passphrase-file",
                        passphraseFile.toString(),
                        "--api-port",
                        "0",
                        "--certificates-per-epoch",
                        "100000",
                        "--rate-per-provider",
                        "100000",
                        "--burst-per-provider",
                        "100000",
                        "--enrolments-per-second",
                        "100000",
                        "--stop-with-stdin");
        started.add(process);
        return process;
    }

    /** Until it says that it is ready. */
    Running await(Process process) throws IOException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        if (line == null || !line.startsWith("{")) {
            throw new AssertionError("the key centre does not start: " + line + "\n"
                    + Files.readString(directory.resolve("node-" + (started.size() - 1) + ".log")));
        }
        return new Running(process, new JsonObject(line));
    }

    String token(Role role) {
        return tokens.getOrDefault(role, "");
    }

    @Override
    public void close() {
        started.forEach(Program::kill);
        keyring.close();
    }
}
