package io.ferrymesh.stores.webdav;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Debian's nginx with its two WebDAV modules over a temporary directory, on loopback, as an unprivileged user where this
 * process is root. It ends with this process, however that ends.
 */
public final class NginxServer implements AutoCloseable {

    private static final String REQUIRED = "webdav.required";
    private static final Path PROGRAM = Path.of("/usr/sbin/nginx");
    private static final Path MODULE = Path.of("/usr/lib/nginx/modules/ngx_http_dav_ext_module.so");

    /** Files are made and removed faster there. */
    private static final Path MEMORY = Path.of("/dev/shm");

    private static final String NOBODY = "65534";
    private static final int START_ATTEMPTS = 200;
    private static final int POLL_MS = 50;

    private static final class Shared {
        private static final Optional<NginxServer> SERVER = startIfInstalled();
    }

    private final Path home;
    private final int port;
    private final Process process;
    private final AtomicInteger collections = new AtomicInteger();

    private NginxServer() {
        try {
            home = Files.isWritable(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "ferrymesh-nginx-")
                    : Files.createTempDirectory("ferrymesh-nginx-");
            makeWritable(home);
            makeWritable(Files.createDirectory(home.resolve("data")));
            port = freePort();
            Path configuration = Files.writeString(home.resolve("nginx.conf"), configuration());
            process = launch(configuration);
            Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The server all tests of this JVM share; none where nginx or its module is not installed, which is said once, unless
     * {@code -Dwebdav.required=true}: then it fails.
     */
    public static Optional<NginxServer> shared() {
        return Shared.SERVER;
    }

    private static Optional<NginxServer> startIfInstalled() {
        boolean installed = Files.isExecutable(PROGRAM) && Files.isReadable(MODULE);
        if (!installed && Boolean.getBoolean(REQUIRED)) {
            throw new IllegalStateException("-D" + REQUIRED + "=true, but there is no " + PROGRAM + " with " + MODULE);
        }
        if (!installed) {
            System.err.println(
                    "nginx with WebDAV is not installed (Debian: apt install nginx libnginx-mod-http-dav-ext):"
                            + " its tests are skipped");
        }
        return installed ? Optional.of(new NginxServer()) : Optional.empty();
    }

    /** The directory behind a new empty collection. */
    public Path newCollection() throws IOException {
        Path made = Files.createDirectory(home.resolve("data").resolve("c" + collections.incrementAndGet()));
        makeWritable(made);
        return made;
    }

    /** The URI of a directory below the server's root. */
    public URI uriOf(Path directory) {
        return URI.create(
                "http://127.0.0.1:" + port + "/" + home.resolve("data").relativize(directory) + "/");
    }

    @Override
    public void close() {
        try (var input = process.outputWriter()) {
            input.write("stop\n");
        } catch (IOException e) {
            // It ended by itself.
        }
        try {
            boolean unused = process.waitFor(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String configuration() {
        return """
                load_module %s;
                daemon off;
                worker_processes 2;
                pid HOME/pid;
                error_log HOME/error.log;
                events { worker_connections 256; }
                http {
                  access_log off;
                  default_type application/octet-stream;
                  client_body_temp_path HOME/body;
                  proxy_temp_path HOME/t1;
                  fastcgi_temp_path HOME/t2;
                  uwsgi_temp_path HOME/t3;
                  scgi_temp_path HOME/t4;
                  client_max_body_size 0;
                  large_client_header_buffers 4 32k;
                  server {
                    listen 127.0.0.1:%d;
                    root HOME/data;
                    location / {
                      dav_methods PUT DELETE MKCOL COPY MOVE;
                      dav_ext_methods PROPFIND OPTIONS;
                      dav_access user:rw;
                    }
                  }
                }
                """
                .formatted(MODULE, port)
                .replace("HOME", home.toString());
    }

    /** Under a shell that ends the server when told to or when this JVM is gone, and then removes its files. */
    private Process launch(Path configuration) throws IOException {
        String script = "home=$1; shift; \"$@\" & read -r how; kill -TERM $!; wait; rm -rf \"$home\"";
        var command = new ArrayList<>(List.of("sh", "-c", script, "sh", home.toString()));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--"));
        }
        command.addAll(List.of(
                PROGRAM.toString(),
                "-c",
                configuration.toString(),
                "-e",
                home.resolve("error.log").toString()));
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile())
                .start();
        awaitReady(started);
        return started;
    }

    private void awaitReady(Process started) throws IOException {
        for (int i = 0; i < START_ATTEMPTS && started.isAlive(); i++) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return;
            } catch (IOException e) {
                pause();
            }
        }
        throw new IOException("nginx does not start:\n" + Files.readString(home.resolve("log")));
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void makeWritable(Path directory) throws IOException {
        Path unused = Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
}
