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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * A real S3 server, S3Proxy over memory, as a process with libraries of its own: see the profile s3-server in the module's
 * pom. Started with the first test that asks and ended with the JVM.
 */
final class S3Server {

    static final S3Credentials CREDENTIALS = new S3Credentials("ferry", "a secret for tests only");

    private static final Path CLASS_PATH = Path.of("target", "s3-server.classpath");
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final AtomicInteger BUCKETS = new AtomicInteger();
    private static @Nullable S3Server running; // guarded by the class

    private final int port;
    private final Process process;

    private S3Server(int port, Process process) {
        this.port = port;
        this.process = process;
    }

    /** The one server of this JVM. */
    static synchronized S3Server get() {
        if (running == null) {
            running = start();
        }
        return running;
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    int port() {
        return port;
    }

    /** Options for a new bucket. */
    S3StoreOptions newBucket() {
        S3StoreOptions options = S3StoreOptions.of("us-east-1", "bucket-" + BUCKETS.incrementAndGet())
                .withServer(endpoint(), CREDENTIALS);
        try (var http = new CrtHttpClient(2, Duration.ofSeconds(5), Duration.ofSeconds(5));
                S3AsyncClient client = S3Clients.open(options, http, Runnable::run)) {
            assertThat(client.createBucket(request -> request.bucket(options.bucket()))
                            .join())
                    .isNotNull();
        }
        return options;
    }

    private static S3Server start() {
        try {
            assertThat(CLASS_PATH)
                    .as("written by the build: mvn generate-test-resources")
                    .exists();
            int port = freePort();
            Path directory = Files.createTempDirectory("s3-server");
            Path properties = Files.writeString(
                    directory.resolve("s3proxy.conf"),
                    String.join(
                            "\n",
                            "s3proxy.endpoint=http://127.0.0.1:" + port,
                            "s3proxy.authorization=aws-v2-or-v4",
                            "s3proxy.identity=" + CREDENTIALS.accessKey(),
                            "s3proxy.credential=" + CREDENTIALS.secretKey(),
                            "jclouds.provider=transient-nio2",
                            ""));
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
            var server = new S3Server(port, process);
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
        process.destroyForcibly();
        File[] left = directory.toFile().listFiles();
        boolean clean = true;
        for (File file : left == null ? new File[0] : left) {
            clean &= file.delete();
        }
        if (clean) {
            directory.toFile().deleteOnExit();
        }
    }
}
