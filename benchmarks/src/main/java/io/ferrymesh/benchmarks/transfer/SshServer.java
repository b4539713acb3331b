package io.ferrymesh.benchmarks.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An sshd of this program's own on loopback, with keys made for this run, and one connection to it that stays up: what scp
 * and rsync then do goes over that one.
 */
final class SshServer implements AutoCloseable {

    static final String CIPHER = "aes128-gcm@openssh.com";
    static final String HOST = "benchmark";

    private static final Path SSHD = Path.of("/usr/sbin/sshd");
    private static final List<Path> PROGRAMS =
            List.of(SSHD, Path.of("/usr/bin/ssh"), Path.of("/usr/bin/ssh-keygen"), Path.of("/usr/bin/scp"));
    private static final Path SEPARATION = Path.of("/run/sshd");
    private static final int ATTEMPTS = 100;
    private static final long ATTEMPT_MS = 100;

    private final Path directory;
    private final Path log;
    private final Process server;
    private final Process connection;

    private SshServer(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        this.log = directory.resolve("ssh.log");
        key("host-key");
        key("user-key");
        Files.move(directory.resolve("user-key.pub"), directory.resolve("authorized-keys"));
        int port = Tools.freePort();
        Files.writeString(directory.resolve("sshd-config"), serverConfig(port));
        Files.writeString(directory.resolve("ssh-config"), clientConfig(port));
        server = Tools.start(log, log, List.of(SSHD.toString(), "-D", "-e", "-f", at("sshd-config")))
                .process();
        connection = connect();
    }

    /** Starts it and connects. Fails with the names of Debian's packages if something is missing. */
    static SshServer start(Path directory) throws IOException, InterruptedException {
        Tools.require(PROGRAMS, "openssh-server openssh-client");
        if (System.getProperty("user.name").equals("root") && !Files.isDirectory(SEPARATION)) {
            Path unused = Files.createDirectory(SEPARATION); // what the package's service does before it starts sshd
        }
        SshServer started = new SshServer(Files.createDirectories(directory));
        // Unlike the nodes, sshd and ssh would outlive this program if it were interrupted.
        Runtime.getRuntime().addShutdownHook(new Thread(started::close, "stop-ssh"));
        return started;
    }

    /** What every ssh, scp and rsync is to be given. */
    List<String> options() {
        return List.of("-F", at("ssh-config"), "-c", CIPHER);
    }

    Process server() {
        return server;
    }

    Path log() {
        return log;
    }

    private Process connect() throws IOException, InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS && server.isAlive(); attempt++) {
            Process master = Tools.start(log, log, List.of("ssh", "-F", at("ssh-config"), "-M", "-N", HOST))
                    .process();
            while (master.isAlive()) {
                if (Files.exists(directory.resolve("control"))) {
                    return master;
                }
                Thread.sleep(ATTEMPT_MS);
            }
            Thread.sleep(ATTEMPT_MS); // not listening yet
        }
        server.destroy();
        throw new IOException("no connection to the benchmark's own sshd: " + Tools.tail(log));
    }

    private void key(String name) throws IOException, InterruptedException {
        Tools.run(log, List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", at(name)));
    }

    private String serverConfig(int port) {
        return """
                ListenAddress 127.0.0.1
                Port %d
                HostKey %s
                AuthorizedKeysFile %s
                PidFile none
                StrictModes no
                UsePAM no
                PermitRootLogin prohibit-password
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                PrintMotd no
                LogLevel ERROR
                Subsystem sftp internal-sftp
                """
                .formatted(port, at("host-key"), at("authorized-keys"));
    }

    private String clientConfig(int port) {
        return """
                Host %s
                  HostName 127.0.0.1
                  Port %d
                  User %s
                  IdentityFile %s
                  IdentitiesOnly yes
                  UserKnownHostsFile /dev/null
                  StrictHostKeyChecking no
                  LogLevel ERROR
                  Ciphers %s
                  Compression no
                  ControlMaster no
                  ControlPath %s
                """
                .formatted(HOST, port, System.getProperty("user.name"), at("user-key"), CIPHER, at("control"));
    }

    private String at(String name) {
        return directory.resolve(name).toString();
    }

    @Override
    public void close() {
        connection.destroy();
        server.destroy();
    }
}
