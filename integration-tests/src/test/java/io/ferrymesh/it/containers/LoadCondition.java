package io.ferrymesh.it.containers;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Lets a test that is about load run only where somebody asks for it. */
final class LoadCondition implements ExecutionCondition {

    /** How many migrations at once are the most that it begins. */
    static final String MOST = "load.migrations";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (context.getTestMethod().isPresent() || Integer.getInteger(MOST) != null) {
            return ConditionEvaluationResult.enabled("somebody asks for it");
        }
        return ImageCondition.skipped(context, "it runs with -D" + MOST + "=N, at most so many migrations at once");
    }
}
