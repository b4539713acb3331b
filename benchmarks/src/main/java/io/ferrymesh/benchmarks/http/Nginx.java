package io.ferrymesh.benchmarks.http;

import io.ferrymesh.benchmarks.transfer.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Debian's nginx on loopback, set up as the package does (sendfile, a worker a core), with WebDAV's PUT and DELETE. */
final class Nginx implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/sbin/nginx");
    private static final int ATTEMPTS = 200;
    private static final long ATTEMPT_MS = 50;

    private final Path home;
    private final int port;
    private final Process process;

    private Nginx(Path home) throws IOException, InterruptedException {
        this.home = home;
        this.port = Tools.freePort();
        Path configuration = Files.writeString(home.resolve("nginx.conf"), configuration());
        Path log = home.resolve("nginx.log");
        List<String> command =
                List.of(PROGRAM.toString(), "-c", configuration.toString(), "-e", at("error.log"), "-p", at(""));
        this.process = Tools.start(log, log, command).process();
        awaitReady(log);
    }

    /** Fails with the name of Debian's package if there is none. */
    static void requireInstalled() throws IOException {
        Tools.require(List.of(PROGRAM), "nginx-light");
    }

    /** Starts one whose files are below a directory. */
    static Nginx start(Path home) throws IOException, InterruptedException {
        requireInstalled();
        Path unused = Files.createDirectories(home.resolve("data"));
        Nginx started = new Nginx(home.toAbsolutePath());
        // Unlike the nodes, it would outlive this program if that were interrupted.
        Runtime.getRuntime().addShutdownHook(new Thread(started::close, "stop-nginx"));
        return started;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    Process process() {
        return process;
    }

    private String configuration() {
        String user = System.getProperty("user.name").equals("root") ? "user root root;" : "";
        return """
                %s
                daemon off;
                worker_processes auto;
                pid HOME/nginx.pid;
                events { worker_connections 768; }
                http {
                  sendfile on;
                  tcp_nopush on;
                  gzip on;
                  default_type application/octet-stream;
                  access_log HOME/access.log;
                  client_body_temp_path HOME/body;
                  proxy_temp_path HOME/proxy;
                  fastcgi_temp_path HOME/fastcgi;
                  uwsgi_temp_path HOME/uwsgi;
                  scgi_temp_path HOME/scgi;
                  client_max_body_size 0;
                  server {
                    listen 127.0.0.1:%d;
                    root HOME/data;
                    dav_methods PUT DELETE;
                  }
                }
                """
                .formatted(user, port)
                .replace("HOME", home.toString());
    }

    private String at(String name) {
        return home.resolve(name).toString();
    }

    private void awaitReady(Path log) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS && process.isAlive(); attempt++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return;
            } catch (IOException notYet) {
                Thread.sleep(ATTEMPT_MS);
            }
        }
        close();
        throw new IOException("nginx did not start: " + Tools.tail(log));
    }

    @Override
    public void close() {
        process.destroy();
    }
}
