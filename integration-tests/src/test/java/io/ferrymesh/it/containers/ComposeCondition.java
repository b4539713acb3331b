package io.ferrymesh.it.containers;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides {@link NeedsCompose}, once for a class and after {@link ImageCondition}. */
final class ComposeCondition implements ExecutionCondition {

    private static final Duration GENEROUS = Duration.ofSeconds(30);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (context.getTestMethod().isPresent()) {
            return ConditionEvaluationResult.enabled("decided for the class");
        }
        if (!works("docker", "compose", "version") && !works("docker-compose", "version")) {
            return ImageCondition.skipped(
                    context, "there is neither docker compose nor docker-compose (Debian: docker-compose)");
        }
        Optional<String> missing = ComposeDeployment.IMAGES.values().stream()
                .filter(image -> !works("docker", "image", "inspect", image))
                .findFirst()
                .map(image -> "there is no image " + image + " (docker/build-stand-ins makes it)");
        if (missing.isPresent() && Boolean.getBoolean("docker.required")) {
            throw new IllegalStateException("docker.required is set, but " + missing.get());
        }
        return missing.map(what -> ImageCondition.skipped(context, what))
                .orElseGet(() -> ConditionEvaluationResult.enabled("Compose and the images are there"));
    }

    private static boolean works(String... command) {
        try {
            return new Shell(Path.of("."), GENEROUS).run(command).status() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }
}
