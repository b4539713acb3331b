package io.ferrymesh.it.containers;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import io.ferrymesh.stores.s3.S3Credentials;
import io.ferrymesh.stores.s3.S3Server;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.utility.DockerImageName;

/**
 * An S3 server in a container on a network that leads nowhere else: of the image that {@code -Ds3.image} names, with
 * {@code -Ds3.port}, {@code -Ds3.env} ({@code NAME=VALUE,...}), {@code -Ds3.command} and {@code -Ds3.accessKey} and {@code
 * -Ds3.secretKey} as it needs them; without one, S3Proxy on the Java of the image under test.
 */
final class S3Container implements AutoCloseable {

    private static final String LIBRARIES = "/s3";
    private static final long MEMORY_BYTES = 1L << 30;

    private final int port = Integer.getInteger("s3.port", 9_000);
    private final S3Credentials credentials = new S3Credentials(
            System.getProperty("s3.accessKey", "ferrymesh"),
            System.getProperty("s3.secretKey", "a secret for tests only"));
    private final Network network;
    private final GenericContainer<?> container;

    private S3Container(Network network, GenericContainer<?> container) {
        this.network = network;
        this.container = container;
    }

    /**
     * Starts one, and waits until it takes connections.
     *
     * @param directory empty, for what it runs from
     */
    static S3Container start(Path directory) throws Exception {
        Network network = Network.builder()
                .createNetworkCmdModifier(create -> create.withInternal(true))
                .build();
        String image = System.getProperty("s3.image", "");
        GenericContainer<?> container = (image.isEmpty() ? proxy() : given(image)).withNetwork(network);
        S3Container server = new S3Container(network, container);
        try {
            if (image.isEmpty()) {
                server.fill(directory);
                GenericContainer<?> unused = container.withCreateContainerCmdModifier(create -> {
                    HostConfig host = create.getHostConfig();
                    if (host == null) {
                        throw new IllegalStateException("a container without a host configuration");
                    }
                    host.withBinds(new Bind(directory.toString(), new Volume(LIBRARIES), AccessMode.ro))
                            .withMemory(MEMORY_BYTES);
                });
            }
            container.start();
            Until.isTrue(server::answers);
            return server;
        } catch (Exception | Error e) {
            server.close();
            throw e;
        }
    }

    /** Where it is for this machine. */
    URI endpoint() {
        String address = container.getContainerInfo().getNetworkSettings().getNetworks().values().stream()
                .findFirst()
                .orElseThrow()
                .getIpAddress();
        return URI.create("http://" + address + ":" + port);
    }

    S3Credentials credentials() {
        return credentials;
    }

    @Override
    public void close() {
        container.stop();
        network.close();
    }

    private static GenericContainer<?> given(String image) {
        Map<String, String> environment = new HashMap<>();
        Stream.of(System.getProperty("s3.env", "").split(",", -1))
                .filter(each -> !each.isEmpty())
                .map(each -> each.split("=", 2))
                .forEach(pair -> environment.put(pair[0], pair.length == 2 ? pair[1] : ""));
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image)).withEnv(environment);
        String command = System.getProperty("s3.command", "");
        return command.isEmpty() ? container : container.withCommand(command.split(" ", -1));
    }

    private static GenericContainer<?> proxy() {
        return new GenericContainer<>(DockerImageName.parse(Containers.IMAGE))
                .withCreateContainerCmdModifier(create -> create.withEntrypoint(
                        "java",
                        "-Xmx640m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-DLOG_LEVEL=warn",
                        "-cp",
                        LIBRARIES + "/*",
                        "org.gaul.s3proxy.Main",
                        "--properties",
                        LIBRARIES + "/s3proxy.conf"))
                .withCommand(new String[0]);
    }

    private void fill(Path directory) throws IOException {
        List<Path> libraries = S3Server.libraries();
        for (int i = 0; i < libraries.size(); i++) {
            // Two of different groups may have the same name.
            Path unused = Files.copy(
                    libraries.get(i),
                    directory.resolve(i + "-" + libraries.get(i).getFileName()));
        }
        Path unused = Files.writeString(
                directory.resolve("s3proxy.conf"),
                S3Server.properties(
                        URI.create("http://0.0.0.0:" + port), credentials, "transient-nio2", Path.of("/tmp")));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private boolean answers() {
        URI endpoint = endpoint();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()), 1_000);
            return true;
        } catch (IOException e) {
            if (!container.isRunning()) {
                throw new IllegalStateException("the S3 server ended: " + container.getLogs(), e);
            }
            return false;
        }
    }
}
