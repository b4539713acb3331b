package io.ferrymesh.it.containers;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;

/** {@link Stranger} in a container of the image, on the members' network. */
final class StrangerContainer implements AutoCloseable {

    private static final String CLASSES = "/stranger";

    private final GenericContainer<?> container;
    private final Path heard;

    private StrangerContainer(GenericContainer<?> container, Path heard) {
        this.container = container;
        this.heard = heard;
    }

    /** Joins, and begins to do one of the things that a stranger does. */
    static StrangerContainer start(ClusterDeployment deployment, String what) throws IOException {
        String state = "stranger-" + what;
        Containers containers = deployment.containers();
        String classes = Path.of("target", "test-classes").toAbsolutePath().toString();
        containers.mount(state, new Bind(classes, new Volume(CLASSES), AccessMode.ro));
        GenericContainer<?> container = containers
                .node(state, state, deployment.members(), Map.of(), List.of(), what)
                .withCreateContainerCmdModifier(create -> {
                    CreateContainerCmd unused = create.withEntrypoint(
                            "java",
                            "@/app/jvm.options",
                            "-cp",
                            "/app/ferrymesh.jar:/app/libraries.jar:" + CLASSES,
                            Stranger.class.getName());
                });
        container.start();
        return new StrangerContainer(container, deployment.work().state(state).resolve("heard"));
    }

    /** All that it was told so far, a byte a character. */
    String heard() throws IOException {
        return Files.exists(heard) ? Files.readString(heard, StandardCharsets.ISO_8859_1) : "";
    }

    @Override
    public void close() {
        Containers.docker().killContainerCmd(container.getContainerId()).exec();
    }
}
