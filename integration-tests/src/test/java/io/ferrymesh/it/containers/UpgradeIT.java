package io.ferrymesh.it.containers;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Nodes of an earlier image give way to those of this one while migrations run. {@code -Dferrymesh.previousImage} names the earlier
 * one, ferrymesh:previous where nothing is said.
 */
@NeedsImage
@ExtendWith(UpgradeIT.PreviousImage.class)
class UpgradeIT {

    private static final String PREVIOUS = System.getProperty("ferrymesh.previousImage", "ferrymesh:previous");

    /** So that migrations last for as long as five nodes take to be replaced. */
    private static final long SLOWLY = 500_000;

    private static ClusterDeployment deployment;
    private static List<ClusterUser> users;

    @BeforeAll
    static void start() throws Exception {
        Path work = Path.of("target");
        deployment = ClusterDeployment.start(work.resolve("upgrade"), 2, (state, containers) -> {
            containers.use(PREVIOUS, ClassArchive.ofImage(work, PREVIOUS));
            return Map.of();
        });
        users = Moves.users(deployment);
        deployment.containers().use(Containers.IMAGE, ClassArchive.ofImage(work));
    }

    @AfterAll
    static void stop() throws Exception {
        if (deployment != null) {
            deployment.close();
        }
    }

    @Test
    void every_node_is_replaced_by_a_newer_one_while_migrations_run() throws Exception {
        Moves moves = Moves.begin(users, SLOWLY);
        for (ClusterNode node : deployment.all()) {
            ClusterNode unused = deployment.replace(node);
        }
        moves.requireArrived();
        deployment.requireWhole();
        Moves.begin(users).requireArrived();
    }

    /** Decides once for the class. */
    static final class PreviousImage implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return context.getTestMethod().isPresent() || ImageCondition.isThere(PREVIOUS)
                    ? ConditionEvaluationResult.enabled("the engine has " + PREVIOUS)
                    : ImageCondition.skipped(
                            context, "there is no image " + PREVIOUS + " (-Dferrymesh.previousImage names another)");
        }
    }
}
