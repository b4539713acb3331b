package io.ferrymesh.it.containers;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides {@link NeedsChaosImage}, once for a class and after {@link ImageCondition}. */
final class ChaosImageCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (context.getTestMethod().isPresent() || ImageCondition.isThere(ChaosImage.TAG)) {
            return ConditionEvaluationResult.enabled("the engine has the image");
        }
        String missing = "there is no image " + ChaosImage.TAG + " (docker/build-stand-ins makes it)";
        if (Boolean.getBoolean("docker.required")) {
            throw new IllegalStateException("docker.required is set, but " + missing);
        }
        return ImageCondition.skipped(context, missing);
    }
}
