package io.ferrymesh.it;

import io.ferrymesh.database.DatabaseOptions;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A key centre and providers as processes of the packaged program, in a cluster of their own on loopback. Closing stops
 * every one.
 */
final class Nodes implements AutoCloseable {

    private static final long GENEROUS_S = 120;
    private static final int MEMBERS = 12;

    final Path directory;
    private final String cluster = "nodes-" + UUID.randomUUID();
    private final List<Integer> ports;
    private final List<Process> running = new CopyOnWriteArrayList<>();
    private final SecureRandom random = new SecureRandom();
    private int started;

    /** A process that said it was ready. */
    record Node(Process process, JsonObject ready) {

        URI api() {
            return URI.create(ready.getString("api"));
        }

        /** As a power cut would. */
        void destroy() throws InterruptedException {
            process.destroyForcibly();
            int unused = process.waitFor();
        }

        /** As an operator would. */
        void stop() throws IOException, InterruptedException {
            process.getOutputStream().close();
            if (!process.waitFor(GENEROUS_S, TimeUnit.SECONDS)) {
                throw new AssertionError("did not stop");
            }
        }
    }

    /** Keys, tokens and logs go to {@code directory}, which exists. */
    Nodes(Path directory) {
        this(directory, MEMBERS);
    }

    /** The same where more than a few processes are started, one after the other. */
    Nodes(Path directory, int members) {
        this.directory = directory;
        this.ports = FreePorts.take(members);
    }

    /** The program as the next member of the cluster. */
    Program member() {
        return member(started++);
    }

    private Program member(int number) {
        return Program.in(directory)
                .jvm(QuickStart.options())
                .with("FERRYMESH_CLUSTER_NAME", cluster)
                .with("FERRYMESH_CLUSTER_HOST", "127.0.0.1")
                .with("FERRYMESH_CLUSTER_PORT", String.valueOf(ports.get(number)))
                .with(
                        "FERRYMESH_CLUSTER_MEMBERS",
                        ports.stream().map(each -> "127.0.0.1:" + each).collect(Collectors.joining(",")))
                .with("FERRYMESH_LOG_LEVEL", "DEBUG");
    }

    /** Starts a node and waits until it says that it is ready. */
    Node start(String name, String... arguments) throws Exception {
        int number = started++;
        Starting starting = launch(number, name + "-" + started, arguments);
        try {
            Node node = starting.ready().get(GENEROUS_S, TimeUnit.SECONDS);
            Files.writeString(
                    directory.resolve(name + "-" + started + ".out"),
                    node.ready().encode());
            return node;
        } catch (Exception e) {
            Program.kill(starting.process());
            throw e;
        }
    }

    /** A process that was started, and the node it is once it says that it is ready; fails when it ends before. */
    record Starting(Process process, CompletableFuture<Node> ready) {}

    /**
     * Starts a node and does not wait for it.
     *
     * @param member its number in the cluster; one that was killed may be started again under its own
     * @param log what its log is called
     */
    Starting launch(int member, String log, String... arguments) throws IOException {
        Path written = directory.resolve(log + ".log");
        String[] withStop = Stream.concat(Stream.of(arguments), Stream.of("--stop-with-stdin"))
                .toArray(String[]::new);
        Process process = member(member).start(written, withStop);
        running.add(process);
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        CompletableFuture<Node> ready = new CompletableFuture<>();
        Thread reader = new Thread(() -> ready.completeAsync(() -> ready(process, out, written), Runnable::run), log);
        reader.setDaemon(true);
        reader.start();
        return new Starting(process, ready);
    }

    private static Node ready(Process process, BufferedReader out, Path log) {
        String line = line(out);
        if (!line.startsWith("{")) {
            throw new AssertionError(log.getFileName() + " is not ready: " + line + "\n" + text(log));
        }
        return new Node(process, new JsonObject(line));
    }

    /** A new key centre: its keys, its database and one operator for enrolment. Nothing runs yet. */
    Centre makeKeyCentre() throws Exception {
        Centre centre = new Centre(
                directory.resolve("kgc.p12"), secret("kgc-passphrase", 16), directory.resolve("kgc-operator"));
        int unused = once(centre.command("init")).exits(0).status();
        unused = once(centre.command("operator", "add", "erin", "ENROLMENT", "--out", "" + centre.operatorToken()))
                .exits(0)
                .status();
        return centre;
    }

    /** The files of a key centre. */
    record Centre(Path keyFile, Path passphrase, Path operatorToken) {

        /** The command line of {@code kgc} with what opens the keys. */
        String[] command(String... words) {
            return Stream.of(
                            Stream.of("kgc"),
                            Stream.of(words),
                            Stream.of("--key-file", "" + keyFile, "--passphrase-file", "" + passphrase))
                    .flatMap(part -> part)
                    .toArray(String[]::new);
        }

        /** The same as the operator, without going over the API. */
        String[] operation(String... words) {
            return Stream.concat(Stream.of(command(words)), Stream.of("--token-file", "" + operatorToken))
                    .toArray(String[]::new);
        }
    }

    /** Takes a provider on and returns the file with its enrolment token. */
    Path enrol(Centre centre, String provider) throws Exception {
        String created =
                once(centre.operation("provider", "create", provider)).exits(0).out();
        Path token = directory.resolve(provider + "-enrolment");
        String number = new JsonObject(created).getValue("number").toString();
        int unused = once(centre.operation("provider", "token", number, "--out", "" + token))
                .exits(0)
                .status();
        return token;
    }

    /**
     * Starts a key centre.
     *
     * @return the fingerprint of its public key
     */
    String startKeyCentre(Centre centre) throws Exception {
        return start("kgc", centre.command("run", "--api-port", "0")).ready().getString("fingerprint");
    }

    private Program.Result once(String... arguments) throws IOException, InterruptedException {
        return Program.in(Files.createDirectories(directory.resolve("commands")))
                .jvm(QuickStart.options())
                .run(arguments);
    }

    /**
     * A provider as its operator set it up; any number of processes can be started of it.
     *
     * @param enrolment the file with its token
     */
    record Provider(String name, Path config, Path enrolment) {

        /** The command line of a process of it. */
        String[] run() {
            return new String[] {
                "provider", "run", "--config", config.toString(), "--enrolment-token-file", enrolment.toString()
            };
        }
    }

    /** Sets a provider up for one user, whose objects are a directory as it is. */
    Provider makeProvider(String name, String fingerprint, Path enrolment, Path data) throws Exception {
        return makeProvider(name, fingerprint, enrolment, inFiles(name, data));
    }

    /** Sets a provider up. */
    Provider makeProvider(String name, String fingerprint, Path enrolment, Kept kept) throws Exception {
        Provider provider = writeProvider(name, fingerprint, enrolment, kept);
        int unused = once("provider", "init", "--config", "" + provider.config())
                .exits(0)
                .status();
        return provider;
    }

    /** Everything in files: the state in SQLite, and the objects of one user. */
    Kept inFiles(String name, Path data) {
        return Kept.directory(new DatabaseOptions.Sqlite(directory.resolve(name + ".db")), data);
    }

    /** Only writes the configuration. Passwords are hashed as cheaply as can be. */
    Provider writeProvider(String name, String fingerprint, Path enrolment, Kept kept) throws IOException {
        String yaml =
                """
                http: {port: 0}
                management: {port: 0}
                database: %s
                keys: {file: '%s', passphraseFile: '%s'}
                kgc: {fingerprint: '%s'}
                accounts: {max: %d, quotaBytes: 1152921504606846976, argon2: {memoryKib: 64}}
                store: %s
                migrations: {leaseMs: 3000}
                """
                        .formatted(
                                kept.database(directory.resolve(name + "-database")),
                                directory.resolve(name + ".p12"),
                                secret(name + "-passphrase", 16),
                                fingerprint,
                                kept.accounts(),
                                kept.store());
        return new Provider(name, Files.writeString(directory.resolve(name + ".yaml"), yaml), enrolment);
    }

    /** The same provider, where peers may connect to directly; processes of either kind can run beside each other. */
    Provider listening(Provider provider) throws IOException {
        String yaml = Files.readString(provider.config()) + "direct: {listen: '127.0.0.1:0'}\n";
        Path config = Files.writeString(directory.resolve(provider.name() + "-direct.yaml"), yaml);
        return new Provider(provider.name(), config, provider.enrolment());
    }

    /** The same provider with other settings for its migrations than {@code leaseMs: 3000}. */
    Provider with(Provider provider, String migrations) throws IOException {
        String yaml = Files.readString(provider.config()).replace("leaseMs: 3000", "leaseMs: 3000, " + migrations);
        Files.writeString(provider.config(), yaml);
        return provider;
    }

    /** Starts a process of a provider. */
    Node startProvider(Provider provider) throws Exception {
        return start(provider.name(), provider.run());
    }

    /** A file with that many random bytes in hex. */
    Path secret(String name, int bytes) throws IOException {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        return Files.writeString(directory.resolve(name), HexFormat.of().formatHex(value) + "\n");
    }

    @Override
    public void close() {
        running.forEach(Program::kill);
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(BufferedReader out) {
        try {
            String line = out.readLine();
            return line == null ? "it ended" : line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
