package io.ferrymesh.stores.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * A real S3 server, S3Proxy, as a process with libraries of its own: see the profile s3-server in the module's
 * pom. Started with the first test that asks and ended with the JVM. Tests of other modules say where the build wrote its class
 * path by the system property {@code s3.server.classpath}.
 */
public final class S3Server {

    static final S3Credentials CREDENTIALS = new S3Credentials("ferry", "a secret for tests only");

    private static final Path CLASS_PATH =
            Path.of(System.getProperty("s3.server.classpath", "target/s3-server.classpath"));
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final AtomicInteger BUCKETS = new AtomicInteger();
    private static @Nullable S3Server overMemory; // this and the next guarded by the class
    private static @Nullable S3Server overDirectory;

    private final int port;
    private final Process process;
    private final Path data;

    private S3Server(int port, Process process, Path data) {
        this.port = port;
        this.process = process;
        this.data = data;
    }

    /** The one server of this JVM that tests share. */
    public static synchronized S3Server get() {
        if (overMemory == null) {
            overMemory = start("transient-nio2");
        }
        return overMemory;
    }

    /** One that keeps objects as files, with the limits of a file system, so that many can be put there past it. */
    static synchronized S3Server overDirectory() {
        if (overDirectory == null) {
            overDirectory = start("filesystem-nio2");
        }
        return overDirectory;
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    int port() {
        return port;
    }

    /** Where the server over a directory keeps a bucket's objects. */
    Path directory(S3StoreOptions options) {
        return data.resolve(options.bucket()).resolve(options.prefix());
    }

    /** Options for a new bucket. */
    public S3StoreOptions newBucket() {
        return newBucket(endpoint(), CREDENTIALS);
    }

    /** The same at any server. */
    public static S3StoreOptions newBucket(URI endpoint, S3Credentials credentials) {
        S3StoreOptions options = S3StoreOptions.of("us-east-1", "bucket-" + BUCKETS.incrementAndGet())
                .withServer(endpoint, credentials);
        try (var http = new CrtHttpClient(2, Duration.ofSeconds(5), Duration.ofSeconds(5));
                S3AsyncClient client = S3Clients.open(options, http, Runnable::run)) {
            assertThat(client.createBucket(request -> request.bucket(options.bucket()))
                            .join())
                    .isNotNull();
        }
        return options;
    }

    /** The keys of uploads in a bucket that nobody has completed or aborted. */
    public static List<String> unfinishedUploads(S3StoreOptions options) {
        try (var http = new CrtHttpClient(2, Duration.ofSeconds(5), Duration.ofSeconds(5));
                S3AsyncClient client = S3Clients.open(options, http, Runnable::run)) {
            return client.listMultipartUploads(request -> request.bucket(options.bucket())).join().uploads().stream()
                    .map(MultipartUpload::key)
                    .toList();
        }
    }

    /** The jars it runs from, for who runs it elsewhere. */
    public static List<Path> libraries() throws IOException {
        return Stream.of(Files.readString(CLASS_PATH).split(File.pathSeparator, -1))
                .map(Path::of)
                .toList();
    }

    /** What its file of properties says. */
    public static String properties(URI endpoint, S3Credentials credentials, String provider, Path data) {
        return String.join(
                "\n",
                "s3proxy.endpoint=" + endpoint,
                "s3proxy.authorization=aws-v2-or-v4",
                "s3proxy.identity=" + credentials.accessKey(),
                "s3proxy.credential=" + credentials.secretKey(),
                "jclouds.provider=" + provider,
                "jclouds.filesystem.basedir=" + data,
                "");
    }

    private static S3Server start(String provider) {
        try {
            assertThat(CLASS_PATH)
                    .as("written by the build: mvn generate-test-resources")
                    .exists();
            int port = freePort();
            Path directory = Files.createTempDirectory("s3-server");
            Path data = Files.createDirectory(directory.resolve("data"));
            Path properties = Files.writeString(
                    directory.resolve("s3proxy.conf"),
                    properties(URI.create("http://127.0.0.1:" + port), CREDENTIALS, provider, data));
            Process process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx640m",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-DLOG_LEVEL=warn",
                            "-cp",
                            Files.readString(CLASS_PATH),
                            "org.gaul.s3proxy.Main",
                            "--properties",
                            properties.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process, directory)));
            var server = new S3Server(port, process, data);
            server.awaitAnswer();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitAnswer() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
                return;
            } catch (IOException e) {
                assertThat(process.isAlive()).as("the S3 server runs").isTrue();
                assertThat(System.nanoTime()).as("no answer: " + e).isLessThan(deadline);
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void end(Process process, Path directory) {
        var unused = process.destroyForcibly();
        try (Stream<Path> all = Files.walk(directory)) {
            process.waitFor();
            all.sorted(Comparator.reverseOrder()).forEach(path -> {
                boolean gone = path.toFile().delete();
                if (!gone) {
                    path.toFile().deleteOnExit();
                }
            });
        } catch (IOException | InterruptedException e) {
            // the system cleans its temporary directories
        }
    }
}
