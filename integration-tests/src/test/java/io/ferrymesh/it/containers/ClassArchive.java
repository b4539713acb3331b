package io.ferrymesh.it.containers;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import io.ferrymesh.it.OneAtATime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * The image's classes as its JVM has them when they are loaded, so that nodes that live for seconds start in a third of the
 * time. It is made once for an image, by running the demo in it, and kept beside the tests' work.
 *
 * @param directory the file's; empty when there is none
 */
record ClassArchive(Optional<Path> directory) {

    static final ClassArchive NONE = new ClassArchive(Optional.empty());

    private static final String MOUNTED = "/classes";
    private static final String FILE = "classes.jsa";
    private static final String OPTIONS = "-XX:+UseSerialGC -Xlog:disable -XX:Tier4InvocationThreshold=50000"
            + " -XX:Tier4MinInvocationThreshold=20000 -XX:Tier4CompileThreshold=50000 ";
    private static final long GENEROUS_MINUTES = 3;

    /** The image's own. */
    static ClassArchive ofImage(Path work) throws Exception {
        return ofImage(work, Containers.IMAGE);
    }

    /** Another image's. */
    static ClassArchive ofImage(Path work, String tag) throws Exception {
        String image = Containers.docker()
                .inspectImageCmd(tag)
                .exec()
                .getId()
                .replace("sha256:", "")
                .substring(0, 12);
        Path directory = work.toAbsolutePath().resolve("classes-" + image);
        return OneAtATime.in(directory, () -> {
            if (!Files.exists(directory.resolve(FILE))) {
                make(Files.createDirectories(directory), tag);
            }
            return new ClassArchive(Optional.of(directory));
        });
    }

    List<Bind> binds() {
        return directory
                .map(each -> List.of(new Bind(each.toString(), new Volume(MOUNTED), AccessMode.ro)))
                .orElse(List.of());
    }

    Map<String, String> environment() {
        return directory.isEmpty()
                ? Map.of()
                : Map.of("JDK_JAVA_OPTIONS", OPTIONS + "-XX:SharedArchiveFile=" + MOUNTED + "/" + FILE);
    }

    private static void make(Path directory, String tag) throws IOException {
        Path from = Files.createDirectories(directory.resolve("from"));
        Path unused = Files.writeString(from.resolve("file"), "content");
        Path open = Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (GenericContainer<?> demo = new GenericContainer<>(DockerImageName.parse(tag))) {
            demo.withCommand("demo", "--work", "/tmp/work", "--from", MOUNTED + "/from", "--to", "/tmp/to")
                    .withEnv("JDK_JAVA_OPTIONS", OPTIONS + "-XX:ArchiveClassesAtExit=" + MOUNTED + "/" + FILE)
                    .withNetworkMode("none")
                    .withTmpFs(Map.of("/tmp", "exec,mode=1777"))
                    .withCreateContainerCmdModifier(create -> {
                        HostConfig unusedHost =
                                Containers.hostOf(create).withBinds(new Bind(open.toString(), new Volume(MOUNTED)));
                    })
                    .withStartupCheckStrategy(
                            new OneShotStartupCheckStrategy().withTimeout(Duration.ofMinutes(GENEROUS_MINUTES)));
            demo.start();
        }
    }
}
