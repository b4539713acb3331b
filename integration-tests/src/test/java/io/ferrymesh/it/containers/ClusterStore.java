package io.ferrymesh.it.containers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;

/**
 * An S3 server that a provider's nodes reach and tests look into: over the directory of a state, as the compose file has it. The
 * bucket is made by whoever makes the directory.
 */
final class ClusterStore {

    private static final int PORT = 9000;
    private static final int CONNECT_MS = 1_000;
    private static final String BUCKET = "objects";
    private static final String ACCESS_KEY = "ferrymesh";

    private final String name;
    private final Path objects;

    private ClusterStore(String name, Path objects) {
        this.name = name;
        this.objects = objects;
    }

    /** Starts one under that name, and waits until it takes connections. */
    static ClusterStore start(WorkDirectory work, Containers containers, String name) throws Exception {
        String key = KeyCentre.random();
        ClusterStore store = new ClusterStore(name, work.state(name).resolve(BUCKET));
        work.give(Files.createDirectories(store.objects));
        work.writeSecret(store.keySecret(), key);
        String settings = name + "-settings";
        work.writeSecret(
                settings,
                String.join(
                        "\n",
                        "s3proxy.endpoint=http://0.0.0.0:" + PORT,
                        "s3proxy.authorization=aws-v2-or-v4",
                        "s3proxy.identity=" + ACCESS_KEY,
                        "s3proxy.credential=" + key,
                        "jclouds.provider=filesystem-nio2",
                        "jclouds.filesystem.basedir=/data"));
        GenericContainer<?> server = containers.objectStore(name, settings);
        server.start();
        Until.isTrue(() -> answers(containers.address(server), server));
        return store;
    }

    /** What is stored: a directory for each account. */
    Path objects() {
        return objects;
    }

    /** Its key is a secret of this name. */
    String keySecret() {
        return name + "-key";
    }

    /** How a provider reaches it. */
    Map<String, String> environment() {
        return Map.of(
                "STORE_TYPE",
                "s3",
                "STORE_S3_ENDPOINT",
                "http://" + name + ":" + PORT,
                "STORE_S3_BUCKET",
                BUCKET,
                "STORE_S3_PATH_STYLE",
                "true",
                "STORE_S3_ACCESS_KEY",
                ACCESS_KEY,
                "STORE_S3_SECRET_KEY_FILE",
                Containers.SECRETS + keySecret(),
                "STORE_S3_SPOOL",
                Containers.STATE);
    }

    /** What its provider's nodes need besides. */
    List<String> secrets() {
        return List.of(keySecret());
    }

    private static boolean answers(String address, GenericContainer<?> server) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, PORT), CONNECT_MS);
            return true;
        } catch (IOException e) {
            if (!server.isRunning()) {
                throw new IllegalStateException("the S3 server ended: " + server.getLogs(), e);
            }
            return false;
        }
    }
}
