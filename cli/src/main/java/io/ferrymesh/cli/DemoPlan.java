package io.ferrymesh.cli;

import io.ferrymesh.cli.user.AccountClient;
import io.ferrymesh.cli.user.Session;
import io.ferrymesh.cli.user.SessionKeeper;
import io.ferrymesh.cli.user.UserClient;
import io.ferrymesh.mesh.MeshOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything the demo's three nodes are started with: a cluster of their own on free loopback ports, secrets nobody else
 * has, and where things are.
 *
 * @param work the demo's own directory: keys, logs, the receipt
 * @param from what moves
 * @param to where it goes
 * @param clusterName so that the demo never joins another cluster
 * @param ports of the cluster members: KGC, source, destination
 * @param passphrase of every key file
 * @param password of the user, at both providers
 */
record DemoPlan(
        Path work, Path from, Path to, String clusterName, List<Integer> ports, String passphrase, String password) {

    static final int KGC = 0;
    static final int SOURCE = 1;
    static final int DESTINATION = 2;

    static final String USER = "alex";
    static final String OLD = "old-cloud";
    static final String NEW = "new-cloud";

    /** The operator who takes both providers on. */
    static final String OPERATOR = "demo";

    /** Below the ports that systems give to outgoing connections, so that none of those takes one in between. */
    private static final int FIRST_PORT = 20_000;

    private static final int PORTS = 12_000;

    private static final SecureRandom RANDOM = new SecureRandom();

    static DemoPlan make(Path work, Path from, Path to) throws IOException {
        return new DemoPlan(work, from, to, "ferrymesh-demo-" + hex(4), freePorts(3), hex(16), hex(16));
    }

    /** The cluster options of one member. */
    MeshOptions cluster(int member) {
        return MeshOptions.builder()
                .clusterName(clusterName)
                .clusterPort(ports.get(member))
                .members(members())
                .build();
    }

    List<String> members() {
        return ports.stream().map(port -> "127.0.0.1:" + port).toList();
    }

    /** What sets a member's cluster up. */
    Map<String, String> environment(int member) {
        return Map.of(
                "FERRYMESH_CLUSTER_NAME",
                clusterName,
                "FERRYMESH_CLUSTER_HOST",
                "127.0.0.1",
                "FERRYMESH_CLUSTER_PORT",
                String.valueOf(ports.get(member)),
                "FERRYMESH_CLUSTER_MEMBERS",
                String.join(",", members()));
    }

    /** The user, who registers at a provider. */
    UserClient user(URI provider) throws IOException, InterruptedException {
        Session session = new AccountClient(provider, Optional.empty()).register(USER, password);
        return UserClient.of(SessionKeeper.inMemory(session));
    }

    Path keyFile() {
        return work.resolve("kgc.p12");
    }

    /** Writes a secret to a file that only this user can read. */
    static Path secret(Path file, String secret) throws IOException {
        Files.deleteIfExists(file);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        return Files.writeString(file, secret + "\n");
    }

    static String hex(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** Ports nobody listens on, all different. Somebody may take one before it is used; the node then says so. */
    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            while (sockets.size() < count) {
                bound(FIRST_PORT + RANDOM.nextInt(PORTS)).ifPresent(sockets::add);
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    private static Optional<ServerSocket> bound(int port) throws IOException {
        try {
            return Optional.of(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
        } catch (BindException taken) {
            return Optional.empty();
        }
    }
}
