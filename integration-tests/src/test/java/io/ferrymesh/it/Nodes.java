package io.ferrymesh.it;

import io.ferrymesh.kgc.KgcKeyFile;
import io.ferrymesh.scheme.EnrolmentToken;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A key centre and providers as processes of the packaged program, in a cluster of their own on loopback. Closing stops
 * every one.
 */
final class Nodes implements AutoCloseable {

    private static final long GENEROUS_S = 120;
    private static final int MEMBERS = 8;

    final Path directory;
    private final String cluster = "nodes-" + UUID.randomUUID();
    private final List<Integer> ports = freePorts();
    private final List<Node> running = new ArrayList<>();
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
        this.directory = directory;
    }

    /** The program as the next member of the cluster. */
    Program member() {
        int port = ports.get(started++);
        return Program.in(directory)
                .jvm(Program.SHORT_LIVED)
                .with("FERRYMESH_CLUSTER_NAME", cluster)
                .with("FERRYMESH_CLUSTER_HOST", "127.0.0.1")
                .with("FERRYMESH_CLUSTER_PORT", String.valueOf(port))
                .with(
                        "FERRYMESH_CLUSTER_MEMBERS",
                        ports.stream().map(each -> "127.0.0.1:" + each).collect(Collectors.joining(",")))
                .with("FERRYMESH_LOG_LEVEL", "DEBUG");
    }

    /** Starts a node and waits until it says that it is ready. */
    Node start(String name, String... arguments) throws Exception {
        Path log = directory.resolve(name + "-" + started + ".log");
        String[] withStop = Stream.concat(Stream.of(arguments), Stream.of("--stop-with-stdin"))
                .toArray(String[]::new);
        Process process = member().start(log, withStop);
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        try {
            String line = CompletableFuture.supplyAsync(() -> line(out)).get(GENEROUS_S, TimeUnit.SECONDS);
            if (!line.startsWith("{")) {
                throw new AssertionError(name + " is not ready: " + line + "\n" + Files.readString(log));
            }
            Files.writeString(directory.resolve(name + "-" + started + ".out"), line);
            Node node = new Node(process, new JsonObject(line));
            running.add(node);
            return node;
        } catch (Exception | AssertionError e) {
            Program.kill(process);
            throw e;
        }
    }

    /** A key centre that admits the bearers of these tokens. Its keys are made here. */
    String startKeyCentre(List<Path> tokens) throws Exception {
        Path keyFile = directory.resolve("kgc.p12");
        Path passphrase = secret("kgc-passphrase", 16);
        char[] opened = Files.readString(passphrase).strip().toCharArray();
        KgcKeyFile.create(keyFile, opened, random).close();
        Path enrolment = directory.resolve("enrolment");
        StringBuilder lines = new StringBuilder();
        for (Path token : tokens) {
            lines.append("provider ").append(digest(token)).append('\n');
        }
        return startKeyCentre(keyFile, passphrase, Files.writeString(enrolment, lines));
    }

    /**
     * A key centre with keys that are there.
     *
     * @return the fingerprint of its public key
     */
    String startKeyCentre(Path keyFile, Path passphrase, Path enrolment) throws Exception {
        return start(
                        "kgc",
                        "kgc",
                        "run",
                        "--key-file",
                        keyFile.toString(),
                        "--passphrase-file",
                        passphrase.toString(),
                        "--enrolment-file",
                        enrolment.toString())
                .ready()
                .getString("fingerprint");
    }

    Node startProvider(String name, String fingerprint, Path enrolment, Path userToken, Path data) throws Exception {
        return start(name, provider(fingerprint, enrolment, userToken, data));
    }

    /** The command line of a provider with one user. */
    static String[] provider(String fingerprint, Path enrolment, Path userToken, Path data) {
        return new String[] {
            "provider",
            "run",
            "--kgc-fingerprint",
            fingerprint,
            "--enrolment-token-file",
            enrolment.toString(),
            "--user",
            "alex",
            "--user-token-file",
            userToken.toString(),
            "--user-data",
            data.toString(),
            "--http-port",
            "0"
        };
    }

    /** A file with that many random bytes in hex. */
    Path secret(String name, int bytes) throws IOException {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        return Files.writeString(directory.resolve(name), HexFormat.of().formatHex(value) + "\n");
    }

    Path enrolmentToken(String name) throws IOException {
        return secret(name, EnrolmentToken.LENGTH);
    }

    @Override
    public void close() {
        running.forEach(node -> Program.kill(node.process()));
    }

    private static String digest(Path token) throws IOException {
        byte[] value = HexFormat.of().parseHex(Files.readString(token).strip());
        try (EnrolmentToken opened = EnrolmentToken.of(value)) {
            return opened.digest().hex();
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

    private static List<Integer> freePorts() {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < MEMBERS; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            List<Integer> free =
                    sockets.stream().map(ServerSocket::getLocalPort).toList();
            for (ServerSocket socket : sockets) {
                socket.close();
            }
            return free;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
