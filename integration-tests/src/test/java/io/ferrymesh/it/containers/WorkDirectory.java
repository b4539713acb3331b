package io.ferrymesh.it.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What containers see of this machine: a directory of state for each name, and secrets, a file each. Under root everything
 * belongs to the image's user, else to whoever runs the tests, and so do the containers.
 */
final class WorkDirectory {

    private static final int IMAGE_USER = 10001;

    private final Path root;
    private final boolean imageUser;
    private final int user;

    private WorkDirectory(Path root) throws IOException {
        this.root = root;
        int own = (Integer) Files.getAttribute(root, "unix:uid");
        this.imageUser = own == 0;
        this.user = imageUser ? IMAGE_USER : own;
    }

    /** An empty one; whatever was there is removed, logs included. */
    static WorkDirectory make(Path root) throws IOException {
        if (Files.exists(root)) {
            removeTree(root);
        }
        for (String directory : List.of("state", "secrets", "logs")) {
            Path unused = Files.createDirectories(root.resolve(directory));
        }
        return new WorkDirectory(root.toRealPath());
    }

    /** As Docker takes it. */
    String user() {
        return user + ":" + user;
    }

    /** A directory that the containers' user may write to. */
    Path state(String name) throws IOException {
        Path directory = root.resolve("state").resolve(name);
        if (!Files.exists(directory)) {
            give(Files.createDirectory(directory));
        }
        return directory;
    }

    Path secret(String name) {
        return root.resolve("secrets").resolve(name);
    }

    void writeSecret(String name, String value) throws IOException {
        Path file = Files.writeString(secret(name), value);
        give(Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------")));
    }

    /** Lets the user of another image read a secret too. */
    void admitAll(String secret) throws IOException {
        Path unused = Files.setPosixFilePermissions(secret(secret), PosixFilePermissions.fromString("r--r--r--"));
    }

    Path log(String name) {
        return root.resolve("logs").resolve(name + ".log");
    }

    /** Makes the containers' user the owner of a file, or of a directory and all in it. */
    void give(Path tree) throws IOException {
        if (imageUser) {
            try (Stream<Path> paths = Files.walk(tree)) {
                for (Path path : (Iterable<Path>) paths::iterator) {
                    Path owned = Files.setAttribute(path, "unix:uid", user);
                    Path unused = Files.setAttribute(owned, "unix:gid", user);
                }
            }
        }
    }

    /** Removes everything but the logs. */
    void removeAllButLogs() throws IOException {
        removeTree(root.resolve("state"));
        removeTree(root.resolve("secrets"));
    }

    @Override
    public String toString() {
        return root.toString();
    }

    private static void removeTree(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        }
    }
}
