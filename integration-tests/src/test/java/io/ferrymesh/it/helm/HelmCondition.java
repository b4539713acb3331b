package io.ferrymesh.it.helm;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.jni.NativeLibrary;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides {@link NeedsHelm}, once for a class. */
final class HelmCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (context.getTestMethod().isPresent()) {
            return ConditionEvaluationResult.enabled("decided for the class");
        }
        Optional<String> missing = missing();
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("Helm loads");
        }
        if (Boolean.getBoolean("helm.required")) {
            throw new IllegalStateException("helm.required is set, but " + missing.get());
        }
        System.out.println(context.getDisplayName() + " is skipped: " + missing.get());
        return ConditionEvaluationResult.disabled(missing.get());
    }

    /** Looked for here first, because the library would try to download itself. */
    private static Optional<String> missing() {
        String platform = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
        if (ServiceLoader.load(NativeLibrary.class).findFirst().isEmpty()) {
            return Optional.of("there is no Helm library for " + platform);
        }
        try {
            String unused = Helm.version().call();
            return Optional.empty();
        } catch (LinkageError | RuntimeException e) {
            return Optional.of("the Helm library does not load on " + platform + ": " + e);
        }
    }
}
