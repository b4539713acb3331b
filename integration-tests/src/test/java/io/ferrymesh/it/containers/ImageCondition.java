package io.ferrymesh.it.containers;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;

/** Decides {@link NeedsImage}, once for a class. */
final class ImageCondition implements ExecutionCondition {

    private static final String SOCKET = "/var/run/docker.sock";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (context.getTestMethod().isPresent()) {
            return ConditionEvaluationResult.enabled("decided for the class");
        }
        if (Boolean.getBoolean("skipContainers")) {
            return skipped(context, "skipContainers is set");
        }
        Optional<String> missing = missing();
        if (missing.isPresent() && Boolean.getBoolean("docker.required")) {
            throw new IllegalStateException("docker.required is set, but " + missing.get());
        }
        return missing.map(what -> skipped(context, what))
                .orElseGet(() -> ConditionEvaluationResult.enabled("the engine has the image"));
    }

    static ConditionEvaluationResult skipped(ExtensionContext context, String why) {
        System.out.println(context.getDisplayName() + " is skipped: " + why);
        return ConditionEvaluationResult.disabled(why);
    }

    private static Optional<String> missing() {
        Optional<String> engine = missingEngine();
        return engine.isPresent() ? engine : missingImage();
    }

    /** Whether an engine that answers has an image. */
    static boolean isThere(String image) {
        try {
            Object unused = DockerClientFactory.instance()
                    .client()
                    .inspectImageCmd(image)
                    .exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    /** Testcontainers fills a screen when it finds no engine, so the usual socket is tried first. */
    private static Optional<String> missingEngine() {
        boolean answers = System.getenv("DOCKER_HOST") == null
                ? listens(SOCKET) && DockerClientFactory.instance().isDockerAvailable()
                : DockerClientFactory.instance().isDockerAvailable();
        return answers ? Optional.empty() : Optional.of("no Docker engine answers (docker/docker-up starts one)");
    }

    private static boolean listens(String socket) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<String> missingImage() {
        try {
            return isThere(Containers.IMAGE)
                    ? Optional.empty()
                    : Optional.of("there is no image " + Containers.IMAGE + " (docker/build-image makes it)");
        } catch (DockerException e) {
            return Optional.of("the Docker engine fails: " + e.getMessage());
        }
    }
}
